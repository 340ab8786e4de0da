import { act, cleanup, renderHook, waitFor } from '@testing-library/react'
import { createElement, type ReactNode, StrictMode } from 'react'
import { renderToString } from 'react-dom/server'
import { afterEach, describe, expect, it } from 'vitest'
import type { PointwellClient } from '../create-pointwell-client.js'
import {
  OffersDocument,
  QuoteDocument,
  RedeemDocument,
  TasksDocument,
} from '../documents/documents.js'
import { PointwellError } from '../errors/pointwell-error.js'
import type { BalanceMoment, FollowOptions } from '../follow/balance-moment.js'
import {
  PointwellProvider,
  useBalance,
  useMembership,
  useOffers,
  useQuery,
  useQuote,
  useRedeem,
  useTasks,
  useTransactions,
} from './index.js'

afterEach(cleanup)

interface Request {
  readonly document: string
  readonly variables: Record<string, unknown>
  readonly signal: AbortSignal | undefined
  answer(data: unknown): Promise<void>
  fail(error: unknown): Promise<void>
}

/** A client whose server is the test. */
function open({ strict = false } = {}) {
  const requests: Request[] = []
  const following: {
    options: FollowOptions
    tell(moment: Partial<BalanceMoment>): Promise<void>
    line(state: Parameters<NonNullable<FollowOptions['onLine']>>[0]): Promise<void>
    fail(error: unknown): Promise<void>
  }[] = []
  const client = {
    request: (
      document: string,
      variables: Record<string, unknown>,
      { signal }: { signal?: AbortSignal } = {},
    ) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason))
        requests.push({
          document,
          variables,
          signal,
          answer: (data) => act(async () => resolve(data)),
          fail: (error) => act(async () => reject(error)),
        })
      }),
    followBalance(options: FollowOptions) {
      let take: ((result: IteratorResult<BalanceMoment>) => void) | undefined
      let refuse: ((error: unknown) => void) | undefined
      following.push({
        options,
        tell: (moment) => act(async () => take?.({ value: moment as BalanceMoment, done: false })),
        line: (state) => act(async () => options.onLine?.(state)),
        fail: (error) => act(async () => refuse?.(error)),
      })
      return {
        [Symbol.asyncIterator]() {
          return this
        },
        next: () =>
          new Promise<IteratorResult<BalanceMoment>>((resolve, reject) => {
            take = resolve
            refuse = reject
            options.signal?.addEventListener('abort', () =>
              resolve({ value: undefined, done: true }),
            )
          }),
      }
    },
    close() {},
  } as unknown as PointwellClient
  const wrapper = ({ children }: { children: ReactNode }) => {
    const inside = createElement(PointwellProvider, { client }, children)
    return strict ? createElement(StrictMode, null, inside) : inside
  }
  const render = <Result, Props>(hook: (props: Props) => Result, initialProps?: Props) =>
    renderHook(hook, { wrapper, initialProps: initialProps as Props })
  const settled = () => act(async () => new Promise((resolve) => setTimeout(resolve, 5)))
  return { client, wrapper, render, requests, following, settled }
}

function Page() {
  const { balance, loading } = useBalance()
  const tasks = useTasks()
  const { items } = useOffers()
  return createElement(
    'p',
    null,
    `${balance?.available ?? '…'} ${loading} ${tasks.loading} ${items.length}`,
  )
}

const holding = (available: number) => ({ available }) as BalanceMoment['balance']

describe('A9: useBalance', () => {
  it('shows a balance as it moves', async () => {
    const { render, following } = open()
    const { result } = render(() => useBalance())
    expect(result.current).toMatchObject({ balance: undefined, loading: true, isLive: false })
    await following[0]!.tell({ version: '3', balance: holding(10), change: null })
    await following[0]!.line({ isLive: true })
    expect(result.current).toMatchObject({
      balance: { available: 10 },
      version: '3',
      lastChange: undefined,
      loading: false,
      isLive: true,
    })
    const change = { points: 5 } as BalanceMoment['change']
    await following[0]!.tell({ version: '4', balance: holding(15), change })
    expect(result.current).toMatchObject({ balance: { available: 15 }, lastChange: { points: 5 } })
  })

  it('keeps what it shows while the line is mended, and says so', async () => {
    const { render, following } = open()
    const { result } = render(() => useBalance('m-1'))
    expect(following[0]!.options.memberId).toBe('m-1')
    await following[0]!.tell({ version: '3', balance: holding(10), change: null })
    const error = new PointwellError({ code: 'CONNECTION_LOST', message: 'x' })
    await following[0]!.line({ isLive: false, error, retryInMs: 100 })
    expect(result.current).toMatchObject({ balance: { available: 10 }, isLive: false, error })
    await following[0]!.line({ isLive: true })
    expect(result.current).toMatchObject({ isLive: true, error: undefined })
  })

  it('shows the error where it ends', async () => {
    const { render, following } = open()
    const { result } = render(() => useBalance())
    const error = new PointwellError({ code: 'FORBIDDEN', message: 'x' })
    await following[0]!.fail(error)
    expect(result.current).toMatchObject({ error, loading: false, isLive: false })
  })

  it('is followed once for all components, and until the last is gone', async () => {
    const { render, following, settled } = open()
    const [one, other] = [render(() => useBalance()), render(() => useBalance())]
    await following[0]!.tell({ version: '3', balance: holding(10), change: null })
    expect(other.result.current.balance).toEqual({ available: 10 })
    expect(following).toHaveLength(1)
    one.unmount()
    await settled()
    expect(following[0]!.options.signal!.aborted).toBe(false)
    other.unmount()
    await settled()
    expect(following[0]!.options.signal!.aborted).toBe(true)
    // Whoever comes later begins anew, with what was known on show.
    const { result } = render(() => useBalance())
    expect(following).toHaveLength(2)
    expect(result.current).toMatchObject({ balance: { available: 10 }, isLive: false })
  })

  it('StrictMode makes no second subscription', async () => {
    const { render, following, settled } = open({ strict: true })
    render(() => useBalance())
    await settled()
    expect(following).toHaveLength(1)
    expect(following[0]!.options.signal!.aborted).toBe(false)
  })

  it('another member is another wallet', async () => {
    const { render, following, settled } = open()
    const { result, rerender } = render((memberId: string) => useBalance(memberId), 'm-1' as string)
    await following[0]!.tell({ version: '3', balance: holding(10), change: null })
    rerender('m-2')
    expect(result.current).toMatchObject({ balance: undefined, loading: true })
    await settled()
    expect(following.map(({ options }) => [options.memberId, options.signal!.aborted])).toEqual([
      ['m-1', true],
      ['m-2', false],
    ])
  })
})

describe('A9: what is asked for', () => {
  it('loading, the answer, again on demand', async () => {
    const { render, requests, settled } = open()
    const { result } = render(() => useTasks())
    expect(result.current).toMatchObject({ data: undefined, loading: true })
    await settled()
    await requests[0]!.answer({ tasks: [{ id: 'daily' }] })
    expect(requests[0]!.document).toBe(TasksDocument)
    expect(result.current).toMatchObject({ data: [{ id: 'daily' }], loading: false })
    act(() => result.current.reload())
    expect(result.current).toMatchObject({ data: [{ id: 'daily' }], loading: true })
    await settled()
    const error = new PointwellError({ code: 'SERVICE_UNAVAILABLE', message: 'x' })
    await requests[1]!.fail(error)
    // What was there stays on show.
    expect(result.current).toMatchObject({ data: [{ id: 'daily' }], error, loading: false })
    act(() => result.current.reload())
    await settled()
    await requests[2]!.answer({ tasks: [] })
    expect(result.current).toMatchObject({ data: [], error: undefined })
  })

  it('a member’s own by `me`, another’s by name', async () => {
    const { render, requests, settled } = open()
    const mine = render(() => useMembership())
    const others = render(() => useMembership('m-1'))
    await settled()
    await requests[0]!.answer({ me: { id: 'm-0' } })
    await requests[1]!.answer({ member: null })
    expect(requests[1]!.variables).toEqual({ memberId: 'm-1' })
    expect(mine.result.current.data).toEqual({ id: 'm-0' })
    expect(others.result.current).toMatchObject({ data: null, loading: false })
  })

  it('other variables: the old request is called off, and its answer is not shown', async () => {
    const { render, requests, settled } = open()
    const { result, rerender } = render(
      (id: string) => useQuery(QuoteDocument as never, { offerId: id } as never),
      'a' as string,
    )
    await settled()
    rerender('b')
    await settled()
    expect(requests.map(({ signal }) => signal!.aborted)).toEqual([true, false])
    await requests[0]!.answer({ quote: 'a' })
    expect(result.current).toMatchObject({ data: undefined, loading: true })
    await requests[1]!.answer({ quote: 'b' })
    expect(result.current.data).toEqual({ quote: 'b' })
  })

  it('a component that goes calls off what it asked', async () => {
    const { render, requests, settled } = open()
    const hooks = [render(() => useTasks()), render(() => useOffers())]
    await settled()
    for (const { unmount } of hooks) unmount()
    expect(requests.map(({ signal }) => signal!.aborted)).toEqual([true, true])
  })

  it('StrictMode asks once', async () => {
    const { render, requests, settled } = open({ strict: true })
    render(() => [useTasks(), useOffers()])
    await settled()
    expect(requests.map(({ document }) => document)).toEqual([TasksDocument, OffersDocument])
  })
})

describe('A9: lists', () => {
  const page = (ids: string[], endCursor: string | null) => ({
    offers: {
      nodes: ids.map((id) => ({ id })),
      pageInfo: { endCursor, hasNextPage: endCursor !== null },
    },
  })
  const idsOf = (items: readonly { id: string }[]) => items.map(({ id }) => id)

  it('come page by page', async () => {
    const { render, requests, settled } = open()
    const { result } = render(() => useOffers({ channel: 'coupon', first: 2 }))
    await settled()
    await requests[0]!.answer(page(['a', 'b'], 'cursor-b'))
    expect(idsOf(result.current.items)).toEqual(['a', 'b'])
    expect(result.current).toMatchObject({ hasMore: true, loading: false })
    act(() => result.current.loadMore())
    expect(result.current.loading).toBe(true)
    await settled()
    // Twice, as an impatient finger does it.
    act(() => result.current.loadMore())
    await settled()
    expect(requests.map(({ variables }) => variables.after)).toEqual([null, 'cursor-b'])
    await requests[1]!.answer(page(['c'], null))
    expect(idsOf(result.current.items)).toEqual(['a', 'b', 'c'])
    expect(result.current.hasMore).toBe(false)
    act(() => result.current.loadMore())
    await settled()
    expect(requests).toHaveLength(2)
  })

  it('a page that failed is asked for again where it was', async () => {
    const { render, requests, settled } = open()
    const { result } = render(() => useOffers())
    await settled()
    await requests[0]!.answer(page(['a'], 'cursor-a'))
    act(() => result.current.loadMore())
    await settled()
    const error = new PointwellError({ code: 'CONNECTION_LOST', message: 'x' })
    await requests[1]!.fail(error)
    expect(result.current).toMatchObject({ error, loading: false })
    expect(idsOf(result.current.items)).toEqual(['a'])
    act(() => result.current.loadMore())
    await settled()
    expect(requests[2]!.variables.after).toBe('cursor-a')
    await requests[2]!.answer(page(['b'], null))
    expect(idsOf(result.current.items)).toEqual(['a', 'b'])
    expect(result.current.error).toBeUndefined()
  })

  it('begin again at the first page, which is shown when it is there', async () => {
    const { render, requests, settled } = open()
    const { result } = render(() => useTransactions({ memberId: 'm-1' }))
    const answer = (id: string) => ({
      member: {
        wallet: {
          transactions: { nodes: [{ id }], pageInfo: { endCursor: id, hasNextPage: false } },
        },
      },
    })
    await settled()
    await requests[0]!.answer(answer('1'))
    act(() => result.current.reload())
    expect(idsOf(result.current.items)).toEqual(['1'])
    await settled()
    expect(requests[1]!.variables).toEqual({ memberId: 'm-1', after: null })
    await requests[1]!.answer(answer('2'))
    expect(idsOf(result.current.items)).toEqual(['2'])
    act(() => result.current.reload())
    await settled()
    await requests[2]!.fail(new PointwellError({ code: 'CONNECTION_LOST', message: 'x' }))
    expect(idsOf(result.current.items)).toEqual(['2'])
    expect(result.current.error?.code).toBe('CONNECTION_LOST')
  })

  it('of nobody are empty', async () => {
    const { render, requests, settled } = open()
    const { result } = render(() => useTransactions({ memberId: 'm-9' }))
    await settled()
    await requests[0]!.answer({ member: null })
    expect(result.current).toMatchObject({ items: [], hasMore: false, loading: false })
  })
})

describe('A9: what is done', () => {
  it('a quote: it runs, it is there, it is refused, it fails', async () => {
    const { render, requests } = open()
    const { result } = render(() => useQuote())
    let outcome: unknown
    const ask = () =>
      act(async () => {
        void result.current.run({ offerId: 'tea' }).then((it) => {
          outcome = it
        })
      })
    await ask()
    expect(result.current).toMatchObject({ running: true, done: undefined })
    await requests[0]!.answer({ quote: { __typename: 'Quote', id: 'q-1' } })
    expect(result.current).toMatchObject({ running: false, done: { id: 'q-1' } })
    expect(outcome).toMatchObject({ done: { id: 'q-1' } })
    await ask()
    const refusal = { __typename: 'Refusal', code: 'OFFER_NOT_OPEN' }
    await requests[1]!.answer({ quote: refusal })
    expect(result.current).toMatchObject({ running: false, done: undefined, refusal })
    await ask()
    const error = new PointwellError({ code: 'CONNECTION_LOST', message: 'x' })
    await requests[2]!.fail(error)
    expect(result.current).toMatchObject({ refusal: undefined, error })
    expect(outcome).toMatchObject({ error })
  })

  it('a redemption keeps its key until the server has answered', async () => {
    const { render, requests } = open()
    const { result } = render(() => useRedeem())
    const redeem = (offerId = 'tea') => act(async () => void result.current.redeem({ offerId }))
    const keyOf = (place: number) =>
      (requests[place]!.variables.input as { idempotencyKey: string }).idempotencyKey
    await redeem()
    expect(requests[0]!.document).toBe(RedeemDocument)
    // A second click meanwhile; then the line breaks, and it is tried again.
    await redeem()
    await requests[0]!.fail(new PointwellError({ code: 'CONNECTION_LOST', message: 'x' }))
    await requests[1]!.fail(new PointwellError({ code: 'CONNECTION_LOST', message: 'x' }))
    await redeem()
    expect([keyOf(1), keyOf(2)]).toEqual([keyOf(0), keyOf(0)])
    expect(keyOf(0)).toMatch(/^[0-9a-f]{32}$/)
    await requests[2]!.answer({ redeem: { __typename: 'Redemption', id: 'r-1' } })
    expect(result.current.done).toMatchObject({ id: 'r-1' })
    // Wanted once more: that is another one. And another offer is another wish at any time.
    await redeem()
    await redeem('coffee')
    expect(new Set([keyOf(0), keyOf(3), keyOf(4)]).size).toBe(3)
  })

  it('a quote needs no key', async () => {
    const { render, requests } = open()
    const { result } = render(() => useRedeem())
    await act(async () => void result.current.redeem({ quoteId: 'q-1' }))
    expect(requests[0]!.variables).toEqual({ input: { quoteId: 'q-1' } })
  })

  it('a component that went is not told, and what was sent is not called off', async () => {
    const { render, requests } = open()
    const { result, unmount } = render(() => useQuote())
    await act(async () => void result.current.run({ offerId: 'tea' }))
    unmount()
    expect(requests[0]!.signal).toBeUndefined()
    await requests[0]!.answer({ quote: { __typename: 'Quote' } })
    expect(result.current.running).toBe(true)
  })
})

describe('A9: around it', () => {
  it('on a server nothing is asked, and nothing is known yet', () => {
    const { wrapper, requests, following } = open()
    expect(renderToString(wrapper({ children: createElement(Page) }))).toBe('<p>… true true 0</p>')
    expect([requests, following]).toEqual([[], []])
  })

  it('without a provider they say what is missing', async () => {
    const logged = console.error
    console.error = () => {}
    try {
      expect(() => renderHook(() => useBalance())).toThrow('<PointwellProvider client={…}>')
    } finally {
      console.error = logged
    }
    await waitFor(() => {})
  })
})
