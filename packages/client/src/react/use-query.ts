import { useCallback, useEffect, useState } from 'react'
import type { TypedDocument } from '../documents/typed-document.js'
import type { PointwellError } from '../errors/pointwell-error.js'
import { asPointwellError } from './as-pointwell-error.js'
import { usePointwell } from './pointwell-provider.js'

export interface QueryState<Data> {
  /** Undefined until it is there; kept while it is asked for again. */
  readonly data: Data | undefined
  readonly error: PointwellError | undefined
  readonly loading: boolean
  /** Asks again. */
  readonly reload: () => void
}

interface Asked<Data> {
  readonly key: string
  readonly data?: Data
  readonly error?: PointwellError
  readonly isDone: boolean
}

/** The answer to any document, asked for when the component is there and when the variables change. */
export function useQuery<Answer, Variables>(
  document: TypedDocument<Answer, Variables>,
  variables: Variables,
): QueryState<Answer> {
  const client = usePointwell()
  const [turn, setTurn] = useState(0)
  const key = JSON.stringify([document, variables])
  const [asked, setAsked] = useState<Asked<Answer>>({ key, isDone: false })

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for document and variables, which may be new objects each time; a new turn asks again
  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    setAsked((before) =>
      before.key === key ? { ...before, isDone: false } : { key, isDone: false },
    )
    const ask = async () => {
      // StrictMode puts up, takes down and puts up again in one go: only the last asks.
      await Promise.resolve()
      if (signal.aborted) return
      try {
        const data = await client.request(
          document as string as TypedDocument<Answer, object>,
          variables as object,
          { signal },
        )
        if (!signal.aborted) setAsked({ key, data, isDone: true })
      } catch (cause) {
        if (signal.aborted) return
        setAsked((before) => ({ ...before, key, error: asPointwellError(cause), isDone: true }))
      }
    }
    void ask()
    return () => controller.abort()
  }, [client, key, turn])

  const reload = useCallback(() => setTurn((before) => before + 1), [])
  const { data, error, isDone } =
    asked.key === key ? asked : { data: undefined, error: undefined, isDone: false }
  return { data, error, loading: !isDone, reload }
}
