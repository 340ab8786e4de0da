import { useCallback, useEffect, useRef, useState } from 'react'
import type { TypedDocument } from '../documents/typed-document.js'
import type { PointwellError } from '../errors/pointwell-error.js'
import { asPointwellError } from './as-pointwell-error.js'
import { usePointwell } from './pointwell-provider.js'

export interface Connection<Node> {
  readonly nodes: readonly Node[]
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean }
}

export interface PagesState<Node> {
  /** Of all pages so far. */
  readonly items: readonly Node[]
  readonly loading: boolean
  readonly error: PointwellError | undefined
  readonly hasMore: boolean
  /** Puts the next page behind those that are there; does nothing while one is on its way. */
  readonly loadMore: () => void
  /** Begins again at the first page. */
  readonly reload: () => void
}

interface Pages<Node> {
  readonly key: string
  readonly items: readonly Node[]
  readonly after: string | null
  readonly hasMore: boolean
  readonly error: PointwellError | undefined
  readonly isDone: boolean
}

const NONE = { items: [], after: null, hasMore: false, error: undefined, isDone: false } as const

/** A list of the server, page by page. `pick` finds it in an answer; undefined: there is no such member. */
export function usePages<Answer, Variables, Node>(
  document: TypedDocument<Answer, Variables>,
  variables: Omit<Variables, 'after'>,
  pick: (answer: Answer) => Connection<Node> | undefined,
): PagesState<Node> {
  const client = usePointwell()
  const key = JSON.stringify([document, variables])
  const [pages, setPages] = useState<Pages<Node>>({ key, ...NONE })
  const [turn, setTurn] = useState(0)
  const running = useRef<AbortController | undefined>(undefined)

  const load = async (before: Pages<Node>) => {
    running.current?.abort()
    const controller = new AbortController()
    running.current = controller
    const { signal } = controller
    // As in `useQuery`: of what StrictMode begins twice, only the last asks.
    await Promise.resolve()
    if (signal.aborted) return
    try {
      const asked = { ...variables, after: before.after }
      const answer = await client.request(
        document as string as TypedDocument<Answer, object>,
        asked,
        { signal },
      )
      if (signal.aborted) return
      const { nodes, pageInfo } = pick(answer) ?? { nodes: [], pageInfo: undefined }
      setPages({
        key,
        items: [...before.items, ...nodes],
        after: pageInfo?.endCursor ?? before.after,
        hasMore: pageInfo?.hasNextPage ?? false,
        error: undefined,
        isDone: true,
      })
    } catch (cause) {
      if (signal.aborted) return
      // What is there stays, also where it was the first page that should have come anew.
      setPages((now) => ({
        ...(now.key === key ? now : before),
        error: asPointwellError(cause),
        isDone: true,
      }))
    }
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for document and variables; a new turn begins again
  useEffect(() => {
    const first: Pages<Node> = { key, ...NONE }
    // What is shown stays until the first page of the new turn is there.
    setPages((before) => (before.key === key ? { ...before, isDone: false } : first))
    void load(first)
    return () => running.current?.abort()
  }, [client, key, turn])

  const shown = pages.key === key ? pages : { key, ...NONE }
  const loadMore = () => {
    if (!shown.isDone || (!shown.hasMore && !shown.error)) return
    const next = { ...shown, isDone: false, error: undefined }
    setPages(next)
    void load(next)
  }
  const reload = useCallback(() => setTurn((before) => before + 1), [])
  const { items, hasMore, error, isDone } = shown
  return { items, hasMore, error, loading: !isDone, loadMore, reload }
}
