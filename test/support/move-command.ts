import {
  addToCounter,
  type Clawback,
  type Command,
  captureHold,
  claimLots,
  clawBack,
  closeDraft,
  confirmLots,
  type Draft,
  endWallet,
  extendLots,
  freezePoints,
  grantPoints,
  holdId,
  holdLots,
  holdPoints,
  isRefusal,
  type Json,
  type NewEnd,
  type NewLot,
  openDraft,
  type Refusal,
  type Reinstate,
  refundHold,
  releaseHold,
  setMemo,
  setUsableUntil,
  type TransactionType,
  thawPoints,
  voidFrozen,
} from '@pointwell/ledger'

/** One of the ledger's moves as data: what a test draws, prints and shrinks. */
export type Move =
  | ({ readonly move: 'grant' } & NewLot)
  | { readonly move: 'confirm'; readonly lots: readonly number[]; readonly at?: number }
  | { readonly move: 'claim'; readonly lots?: readonly number[] }
  | { readonly move: 'hold'; readonly ref: string; readonly points: number }
  | { readonly move: 'capture'; readonly ref: string; readonly account: string }
  | { readonly move: 'release'; readonly ref: string; readonly lapsed: Reinstate }
  | {
      readonly move: 'refund'
      readonly ref: string
      readonly account: string
      readonly lapsed: Reinstate
    }
  | ({ readonly move: 'clawback' } & Clawback)
  | {
      readonly move: 'extend'
      readonly ends: readonly NewEnd[]
      readonly unending: 'keep' | 'end'
    }
  | {
      readonly move: 'freeze'
      readonly ref: string
      readonly points: number
      readonly until: number | null
      readonly graceTo: number | null
    }
  | { readonly move: 'thaw'; readonly ref: string; readonly graceTo: number | null }
  | { readonly move: 'voidFrozen'; readonly ref: string }
  | {
      readonly move: 'close'
      readonly usableUntil: number | null
      readonly graceTo: number | null
    }
  | { readonly move: 'end'; readonly reason: string }
  | { readonly move: 'count'; readonly counter: string; readonly delta: number }
  | { readonly move: 'memo'; readonly memo: { readonly [key: string]: Json } }

export interface MoveCommand {
  readonly wallet: number
  readonly key: string
  readonly moves: readonly Move[]
  /** False: the lots are not loaded; fine for grants, which need none. */
  readonly lots?: boolean
  /** What figures are counted by. */
  readonly labels?: Readonly<Record<string, string>>
}

const TYPES: Partial<Record<Move['move'], TransactionType>> = {
  count: 'adjust',
  memo: 'note',
  voidFrozen: 'void',
  close: 'thaw',
  end: 'void',
}

/**
 * A command that makes these moves one after the other, as one transaction: what a programme writes
 * by hand for each of its decisions. Its content is the moves, its result what each answered; the
 * first refusal refuses the whole.
 */
export function moveCommand({ wallet, key, moves, lots = true, labels }: MoveCommand): Command {
  const refs = unique(moves.flatMap((move) => (isOfHold(move) ? [move.ref] : [])))

  const named = moves.flatMap((move) => {
    if (move.move === 'extend') return move.ends.map(({ lot }) => lot)
    return 'lots' in move && move.lots ? move.lots : []
  })
  return {
    wallet,
    key,
    content: JSON.parse(JSON.stringify({ moves })),
    needs: {
      lots: lots && ((records) => [...named, ...refs.flatMap((ref) => holdLots(records, ref))]),
      records: refs.map(holdId),
      counters: unique(moves.flatMap((move) => (move.move === 'count' ? [move.counter] : []))),
    },
    decide(view) {
      const draft = openDraft(view)
      const results: Json[] = []
      for (const move of moves) {
        const result = make(draft, move)
        if (isRefusal(result)) return result
        results.push(result)
      }
      const first = moves[0]?.move ?? 'memo'
      return closeDraft(draft, {
        type: TYPES[first] ?? (first as TransactionType),
        reason: 'test',
        labels,
        result: results,
      })
    },
  }
}

function make(draft: Draft, move: Move): Json | Refusal {
  switch (move.move) {
    case 'grant': {
      const lot = grantPoints(draft, move)
      return lot === null || isRefusal(lot) ? lot : lot.seq
    }
    case 'confirm':
      return confirmLots(draft, move)
    case 'claim':
      return claimLots(draft, move)
    case 'hold':
      return holdPoints(draft, move)
    case 'capture':
      return captureHold(draft, move)
    case 'release':
      return releaseHold(draft, move)
    case 'refund':
      return refundHold(draft, move)
    case 'clawback':
      return { ...clawBack(draft, move) }
    case 'freeze':
      return freezePoints(draft, move)
    case 'thaw':
      return thawPoints(draft, move)
    case 'extend': {
      const extended = extendLots(draft, move)
      return isRefusal(extended) ? extended : extended.map((it) => ({ ...it }))
    }
    case 'voidFrozen':
      return voidFrozen(draft, { ...move, reason: 'frozen' })
    case 'close':
      return setUsableUntil(draft, move)
    case 'end':
      return { ...endWallet(draft, move) }
    case 'count':
      addToCounter(draft, move.counter, move.delta)
      return null
    case 'memo':
      setMemo(draft, move.memo)
      return null
  }
}

function isOfHold(
  move: Move,
): move is Extract<Move, { move: 'hold' | 'capture' | 'release' | 'refund' }> {
  return ['hold', 'capture', 'release', 'refund'].includes(move.move)
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)]
}
