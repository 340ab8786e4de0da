import type { Move } from './move-command.js'
import { NaiveRefusal, NaiveWallet } from './naive-wallet.js'

/**
 * The ledger written down once more as simply as can be, to hold the real one against: every single
 * point is an object that knows where it is, and a wallet is worked out from its list of facts each
 * time anybody asks. It takes no code from the product (the moves are types only), and it is slow.
 */

/** What happened to a wallet: somebody looked at it (what was due got done), and maybe moved. */
interface Fact {
  readonly now: number
  readonly moves?: readonly Move[]
}

export type NaiveOutcome =
  | {
      readonly is: 'posted'
      readonly wallet: number
      readonly version: number
      readonly result: unknown
    }
  | { readonly is: 'replayed'; readonly wallet: number; readonly version: number }
  | { readonly is: 'refused'; readonly code: string; readonly figures: object }
  | { readonly is: 'fault' }

interface Posted {
  readonly wallet: number
  readonly version: number
  readonly moves: readonly Move[]
}

/** All wallets, the keys that were used, and the counters. */
export class NaiveLedger {
  readonly counters = new Map<string, number>()
  readonly posted = new Map<string, Posted>()
  private readonly facts = new Map<number, Fact[]>()

  constructor(
    readonly wallets: readonly number[],
    private readonly openedAt: number,
  ) {
    for (const wallet of wallets) this.facts.set(wallet, [])
  }

  /** Worked out anew from everything that ever happened to it. */
  wallet(id: number): NaiveWallet {
    const wallet = new NaiveWallet(this.openedAt)
    for (const { now, moves } of this.facts.get(id)!) {
      wallet.settle(now)
      if (!moves) continue
      for (const move of moves) wallet.make(move)
      wallet.note(typeOf(moves))
    }
    return wallet
  }

  /** Somebody looks at a wallet: what is due is done. */
  touch(id: number, now: number): void {
    if (this.facts.has(id)) this.facts.get(id)!.push({ now })
  }

  /**
   * A command. `draw` makes its moves out of the wallet as it is then, one after the other, so that
   * they can speak of lots and holds that are there.
   */
  post({
    wallet: id,
    key,
    now,
    draw,
  }: {
    wallet: number
    key: string
    now: number
    draw: readonly ((wallet: NaiveWallet) => Move)[]
  }): { moves: readonly Move[]; outcome: NaiveOutcome } {
    const wallet = this.wallet(id)
    wallet.settle(now)
    const moves: Move[] = []
    const results: unknown[] = []
    try {
      for (const one of draw) {
        const move = one(wallet)
        moves.push(move)
        results.push(wallet.make(move))
      }
    } catch (fault) {
      this.touch(id, now)
      if (!(fault instanceof NaiveRefusal)) return { moves, outcome: { is: 'fault' } }
      return { moves, outcome: { is: 'refused', code: fault.code, figures: fault.figures } }
    }
    this.facts.get(id)!.push({ now, moves })
    for (const move of moves) {
      if (move.move !== 'count') continue
      this.counters.set(move.counter, (this.counters.get(move.counter) ?? 0) + move.delta)
    }
    const version = wallet.version + 1
    this.posted.set(key, { wallet: id, version, moves })
    return { moves, outcome: { is: 'posted', wallet: id, version, result: results } }
  }
}

function typeOf([first]: readonly Move[]): string {
  if (first?.move === 'count') return 'adjust'
  return first === undefined || first.move === 'memo' ? 'note' : first.move
}
