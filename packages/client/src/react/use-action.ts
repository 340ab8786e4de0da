import { useCallback, useEffect, useRef, useState } from 'react'
import type { RefusedFragment } from '../documents/documents.js'
import type { TypedDocument } from '../documents/typed-document.js'
import type { PointwellError } from '../errors/pointwell-error.js'
import { asPointwellError } from './as-pointwell-error.js'
import { usePointwell } from './pointwell-provider.js'

/** What a mutation answers with where the programme does not refuse. */
export type DoneOf<Answer> = Exclude<Answer[keyof Answer], { readonly __typename: 'Refusal' }>

/** One of the three, once it is over. */
export interface Outcome<Done> {
  readonly done: Done | undefined
  /** Why the programme refused it: a code, a message, and figures. */
  readonly refusal: RefusedFragment | undefined
  /** What went wrong. Where `isPassing`, it may have been done: the same again, with the same key, counts once. */
  readonly error: PointwellError | undefined
}

export interface Action<Variables, Done> extends Outcome<Done> {
  readonly running: boolean
  /** Never throws. */
  readonly run: (variables: Variables) => Promise<Outcome<Done>>
}

const NOTHING = { done: undefined, refusal: undefined, error: undefined } as const

/** A mutation, to be run by a button. It is not called back when the component goes: it may have been done. */
export function useAction<Answer extends object, Variables>(
  document: TypedDocument<Answer, Variables>,
): Action<Variables, DoneOf<Answer>> {
  type Done = DoneOf<Answer>
  const client = usePointwell()
  const [state, setState] = useState<Outcome<Done> & { readonly running: boolean }>({
    ...NOTHING,
    running: false,
  })
  const isThere = useRef(false)
  const last = useRef(0)
  useEffect(() => {
    isThere.current = true
    return () => {
      isThere.current = false
    }
  }, [])

  const run = useCallback(
    async (variables: Variables): Promise<Outcome<Done>> => {
      last.current += 1
      const turn = last.current
      const show = (outcome: Outcome<Done>, running: boolean) => {
        if (isThere.current && turn === last.current) setState({ ...outcome, running })
      }
      show(NOTHING, true)
      const outcome = await client
        .request(document as string as TypedDocument<Answer, object>, variables as object)
        .then(readOutcome<Answer>, (cause) => ({ ...NOTHING, error: asPointwellError(cause) }))
      show(outcome, false)
      return outcome
    },
    [client, document],
  )
  return { ...state, run }
}

function readOutcome<Answer extends object>(answer: Answer): Outcome<DoneOf<Answer>> {
  const [result] = Object.values(answer)
  return result?.__typename === 'Refusal'
    ? { ...NOTHING, refusal: result }
    : { ...NOTHING, done: result }
}
