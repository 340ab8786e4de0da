import type { Move } from './move-command.js'
import { NaiveRefusal, NaiveWallet } from './naive-wallet.js'

/**
 * The ledger written down once more as simply as can be, to hold the real one against: every single
 * point is an object that knows where it is, and a wallet is what its list of facts makes of it. It
 * takes no code from the product (the moves are types only), and it is slow.
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
  /** Wallets as their facts make them so far: to begin anew with each question would take for ever. */
  private readonly live = new Map<number, NaiveWallet>()

  constructor(
    readonly wallets: readonly number[],
    private readonly openedAt: number,
  ) {
    for (const wallet of wallets) {
      this.facts.set(wallet, [])
      this.live.set(wallet, new NaiveWallet(openedAt))
    }
  }

  /** As it is now. */
  wallet(id: number): NaiveWallet {
    return this.live.get(id)!
  }

  /** Worked out anew from everything that ever happened to it. */
  workOut(id: number): NaiveWallet {
    const wallet = new NaiveWallet(this.openedAt)
    for (const fact of this.facts.get(id)!) happen(wallet, fact)
    return wallet
  }

  /** Somebody looks at a wallet: what is due is done. */
  touch(id: number, now: number): void {
    if (!this.facts.has(id)) return
    this.wallet(id).settle(now)
    this.facts.get(id)!.push({ now })
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
    this.touch(id, now)
    // A refusal after the first move undoes it; a first move that is refused made nothing.
    const before = this.wallet(id)
    const wallet = draw.length > 1 ? before.copy() : before
    const moves: Move[] = []
    const results: unknown[] = []
    try {
      for (const one of draw) {
        const move = one(wallet)
        moves.push(move)
        results.push(wallet.make(move))
      }
    } catch (fault) {
      if (!(fault instanceof NaiveRefusal)) return { moves, outcome: { is: 'fault' } }
      return { moves, outcome: { is: 'refused', code: fault.code, figures: fault.figures } }
    }
    this.live.set(id, wallet)
    wallet.note(typeOf(moves))
    this.facts.get(id)!.push({ now, moves })
    for (const move of moves) {
      if (move.move !== 'count') continue
      this.counters.set(move.counter, (this.counters.get(move.counter) ?? 0) + move.delta)
    }
    const { version } = wallet
    this.posted.set(key, { wallet: id, version, moves })
    return { moves, outcome: { is: 'posted', wallet: id, version, result: results } }
  }
}

function happen(wallet: NaiveWallet, { now, moves }: Fact): void {
  wallet.settle(now)
  if (!moves) return
  for (const move of moves) wallet.make(move)
  wallet.note(typeOf(moves))
}

function typeOf([first]: readonly Move[]): string {
  if (first?.move === 'count') return 'adjust'
  if (first?.move === 'voidFrozen') return 'void'
  if (first?.move === 'close') return 'thaw'
  return first === undefined || first.move === 'memo' ? 'note' : first.move
}
