import type { PointwellClient } from '../create-pointwell-client.js'
import type { HoldingFragment, LineFragment } from '../documents/documents.js'
import type { PointwellError } from '../errors/pointwell-error.js'
import { asPointwellError } from './as-pointwell-error.js'

export interface LiveBalance {
  /** Undefined until it is known. */
  readonly balance: HoldingFragment | undefined
  readonly version: string | undefined
  /** The change that came last while this was followed. */
  readonly lastChange: LineFragment | undefined
  readonly loading: boolean
  /** Whether changes arrive as they happen; false also while the line is being mended. */
  readonly isLive: boolean
  /** Why they do not. It goes on trying unless the server refused it for good. */
  readonly error: PointwellError | undefined
}

export const UNKNOWN: LiveBalance = {
  balance: undefined,
  version: undefined,
  lastChange: undefined,
  loading: true,
  isLive: false,
  error: undefined,
}

interface BalanceStore {
  subscribe(listener: () => void): () => void
  snapshot(): LiveBalance
}

const stores = new WeakMap<PointwellClient, Map<string | undefined, BalanceStore>>()

/** One subscription for all components of a page that show the same wallet. */
export function balanceStoreOf(
  client: PointwellClient,
  memberId: string | undefined,
): BalanceStore {
  let ofClient = stores.get(client)
  if (!ofClient) {
    ofClient = new Map()
    stores.set(client, ofClient)
  }
  let store = ofClient.get(memberId)
  if (!store) {
    store = openBalanceStore(client, memberId)
    ofClient.set(memberId, store)
  }
  return store
}

function openBalanceStore(client: PointwellClient, memberId: string | undefined): BalanceStore {
  const listeners = new Set<() => void>()
  let state = UNKNOWN
  let running: AbortController | undefined

  function set(next: Partial<LiveBalance>): void {
    state = { ...state, ...next }
    for (const listener of [...listeners]) listener()
  }

  async function follow(signal: AbortSignal): Promise<void> {
    try {
      const moments = client.followBalance({
        memberId,
        signal,
        onLine(line) {
          if (signal.aborted) return
          if (line.isLive) set({ isLive: true, error: undefined })
          else set({ isLive: false, error: line.error })
        },
      })
      for await (const { balance, version, change } of moments) {
        if (signal.aborted) return
        set({ balance, version, loading: false, ...(change && { lastChange: change }) })
      }
    } catch (cause) {
      if (signal.aborted) return
      running = undefined
      set({ isLive: false, loading: false, error: asPointwellError(cause) })
    }
  }

  return {
    snapshot: () => state,
    subscribe(listener) {
      listeners.add(listener)
      if (!running) {
        running = new AbortController()
        void follow(running.signal)
      }
      return () => {
        listeners.delete(listener)
        // A component that is taken down and put up again at once, as StrictMode does it, finds all as it was.
        setTimeout(() => {
          if (listeners.size > 0 || !running) return
          running.abort()
          running = undefined
          state = { ...state, isLive: false }
        })
      }
    },
  }
}
