import fc from 'fast-check'
import type { Move } from './move-command.js'
import type { NaiveWallet } from './naive-wallet.js'

/** Histories as data that fast-check draws and shrinks. They name lots and holds by numbers that
 * mean something only when the step is lived: the so-manyth lot the wallet has then. */

const DAY = 86_400_000

const nat = fc.nat({ max: 9 })
/** Whole days mostly, so that different things fall on the same instant. */
const days = (min: number, max: number) =>
  fc.oneof(
    fc.integer({ min, max }).map((day) => day * DAY),
    fc.integer({ min: min * DAY, max: max * DAY }),
  )
const of10 = <N extends null | undefined, T>(none: number, nil: N, value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: none, arbitrary: fc.constant(nil) }, { weight: 10 - none, arbitrary: value })
/** Of what there is to take; sometimes a little more than that. */
const percent = fc.oneof(fc.constantFrom(50, 100), fc.integer({ min: 1, max: 110 }))

const lapsed = fc.oneof(
  fc.record({ policy: fc.constant('grace' as const), graceMs: days(0, 5) }),
  fc.constant({ policy: 'forfeit' as const }),
)

/** Whether to do it even when it is not the time for it. */
const even = rarely(fc.constant(true))

const grant = fc.record({
  draw: fc.constant('grant' as const),
  // Small ones, too: faults like to sit where a single point is left.
  points: fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 40 })),
  kind: fc.constantFrom('base', 'Base', 'campaign'),
  source: fc.constantFrom('purchase', 'Purchase', '签到'),
  order: fc.nat({ max: 2 }),
  earnedAgoMs: days(0, 3),
  pending: of10(6, undefined, fc.record({ confirmInMs: of10(3, null, days(-1, 6)) })),
  claimMs: of10(7, null, days(0, 5)),
  expiresInMs: of10(4, null, days(-1, 20)),
})

const move = fc.oneof(
  { weight: 6, arbitrary: grant },
  {
    weight: 2,
    arbitrary: fc.record({
      draw: fc.constant('confirm' as const),
      lots: fc.array(nat, { maxLength: 3 }),
      agoMs: of10(6, undefined, days(0, 4)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      draw: fc.constant('claim' as const),
      lots: of10(4, undefined, fc.array(nat, { maxLength: 3 })),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ draw: fc.constant('hold' as const), even, percent, again: rarely(nat) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      draw: fc.constantFrom(
        'capture' as const,
        'capture' as const,
        'release' as const,
        'refund' as const,
      ),
      which: nat,
      even,
      lapsed,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      draw: fc.constant('clawback' as const),
      order: nat,
      even,
      percent: fc.oneof(fc.constant(100), fc.integer({ min: 0, max: 100 })),
      policy: fc.constantFrom(
        'debt' as const,
        'debt' as const,
        'within-balance' as const,
        'pending-only' as const,
      ),
      tooMuch: rarely(fc.constant(true)),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      draw: fc.constantFrom('freeze' as const, 'thaw' as const, 'voidFrozen' as const),
      which: nat,
      even,
      percent,
      inMs: of10(6, null, days(0, 6)),
      graceMs: of10(4, null, days(1, 5)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      draw: fc.constant('close' as const),
      inMs: of10(4, null, days(-2, 6)),
      graceMs: of10(4, null, days(1, 5)),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      draw: fc.constant('extend' as const),
      lots: fc.array(fc.record({ which: nat, inMs: days(-1, 20) }), { maxLength: 3 }),
      unending: fc.constantFrom('keep' as const, 'end' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      draw: fc.constant('bad' as const),
      what: fc.constantFrom('grant' as const, 'hold' as const, 'freeze' as const),
      points: fc.constantFrom(-1, -0.5, 0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      draw: fc.constant('count' as const),
      counter: fc.constantFrom('stock', 'Stock', 'stock '),
      delta: fc.integer({ min: -3, max: 9 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      draw: fc.constant('memo' as const),
      memo: fc.dictionary(fc.string({ maxLength: 4 }), fc.jsonValue({ maxDepth: 2 }), {
        maxKeys: 3,
      }),
    }),
  },
)

function rarely<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 7, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value })
}

export type DrawnMove = typeof move extends fc.Arbitrary<infer T> ? T : never

const common = (wallets: number) => ({
  wallet: fc.nat({ max: wallets - 1 }),
  /** Whether a grant, which needs none, has the lots of its wallet loaded. */
  loadLots: fc.boolean(),
  labels: fc.constantFrom({}, { tier: 'gold' }, { tier: 'Gold', campaign: '双11' }),
  /** Use a key again that was used by what was refused. */
  reuse: rarely(fc.constant(true)),
})

const command = (wallets: number) =>
  fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({
        ...common(wallets),
        kind: fc.constant('moves' as const),
        moves: fc.oneof(
          { weight: 4, arbitrary: fc.tuple(move) },
          { weight: 1, arbitrary: fc.array(move, { minLength: 2, maxLength: 4 }) },
        ),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        ...common(wallets),
        kind: fc.constant('replay' as const),
        which: fc.nat({ max: 30 }),
        change: fc.boolean(),
        /** Whether it may be a key that another wallet used. */
        ofOther: fc.boolean(),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ ...common(wallets), kind: fc.constant('stranger' as const) }),
    },
  )

export type DrawnCommand = ReturnType<typeof command> extends fc.Arbitrary<infer T> ? T : never

const step = (wallets: number, most: number) =>
  fc.record({
    passesMs: fc.oneof(fc.constantFrom(0, 0, 1, DAY, DAY), days(0, 3)),
    /** By how much the clock of the second server is behind. */
    behindMs: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, days(0, 2)),
    /** Whether the first server does it all. */
    alone: fc.boolean(),
    commands: fc.array(command(wallets), { minLength: 1, maxLength: most, size: 'max' }),
    afterwards: fc.constantFrom('nothing', 'nothing', 'settle', 'fold', 'seal'),
  })

export type DrawnStep = ReturnType<typeof step> extends fc.Arbitrary<infer T> ? T : never

/** `most`: commands of one step, at the most. */
export function drawnSteps(wallets: number, most: number): fc.Arbitrary<readonly DrawnStep[]> {
  return fc.array(step(wallets, most), { minLength: 1, maxLength: 24, size: 'max' })
}

/** Names of one history that no other has: keys and references, some of which differ in case only. */
export class Names {
  private count = 0
  /** Keys of what was refused: in this step, and before it. */
  private readonly justRefused: string[] = []
  private readonly refusedKeys: string[] = []

  constructor(private readonly prefix: string) {}

  key(): string {
    return this.next('k')
  }

  ref(): string {
    return this.next('h')
  }

  counter(name: string): string {
    return `${this.prefix}/${name}`
  }

  refused(key: string): void {
    this.justRefused.push(key)
  }

  /** What was refused in this step is answered: from here on its keys are as good as new. */
  stepEnds(): void {
    this.refusedKeys.push(...this.justRefused.splice(0))
  }

  refusedKey(): string {
    return this.refusedKeys.pop() ?? this.key()
  }

  private next(letter: string): string {
    const number = this.count++
    const name = `${this.prefix}/${letter}${number - (number % 3)}`
    return [name, name.toUpperCase(), `${name} `][number % 3]!
  }
}

/**
 * What a drawn move is in the wallet as it is now. One for which it is not the time becomes, mostly,
 * the one that comes before it: without that, a short history would be refusals and little else.
 */
export function drawMove(drawn: DrawnMove, wallet: NaiveWallet, names: Names): Move {
  const { now } = wallet
  if (isTooEarly(drawn, wallet)) return earlier(drawn, wallet, names)
  switch (drawn.draw) {
    case 'grant': {
      const { points, kind, source, order, claimMs, pending, expiresInMs } = drawn
      const at = (inMs: number | null) => (inMs === null ? null : now + inMs)
      return {
        move: 'grant',
        points,
        kind,
        source,
        ref: order === 0 ? null : `order-${order}`,
        earnedAt: now - drawn.earnedAgoMs,
        claimMs,
        expiresAt: at(expiresInMs),
        ...(pending ? { pending: { confirmAt: at(pending.confirmInMs) } } : {}),
      }
    }
    case 'confirm': {
      const at = drawn.agoMs === undefined ? {} : { at: now - drawn.agoMs }
      return { move: 'confirm', lots: lotsOf(drawn.lots, wallet, 'pending'), ...at }
    }
    case 'claim':
      return {
        move: 'claim',
        ...(drawn.lots ? { lots: lotsOf(drawn.lots, wallet, 'claimable') } : {}),
      }
    case 'hold': {
      const holds = [...wallet.holds.keys()]
      const again = drawn.again === undefined ? undefined : holds[drawn.again % holds.length]
      const points = partOf(wallet, 'available', drawn.percent)
      return { move: 'hold', ref: again ?? names.ref(), points }
    }
    case 'capture':
    case 'release':
    case 'refund':
      return ofHold(drawn, wallet)
    case 'clawback':
      return clawback(drawn, wallet)
    case 'bad': {
      const { what, points } = drawn
      if (what === 'hold') return { move: 'hold', ref: names.ref(), points }
      if (what === 'freeze') {
        return { move: what, ref: names.ref(), points, until: null, graceTo: null }
      }
      const terms = { kind: 'base', source: 'purchase', ref: null, claimMs: null, expiresAt: null }
      return { move: 'grant', ...terms, earnedAt: now, points }
    }
    case 'count':
      return { move: 'count', counter: names.counter(drawn.counter), delta: drawn.delta }
    case 'memo':
      return { move: 'memo', memo: JSON.parse(JSON.stringify(drawn.memo)) }
    case 'extend': {
      const ends = drawn.lots.map(({ which, inMs }) => {
        const [lot] = lotsOf([which], wallet, 'available')
        return { lot: lot!, expiresAt: now + inMs }
      })
      return { move: 'extend', ends, unending: drawn.unending }
    }
    case 'freeze':
      return {
        move: 'freeze',
        ref: names.ref(),
        points: partOf(wallet, 'available', drawn.percent),
        until: later(now, drawn.inMs),
        graceTo: later(now + (drawn.inMs ?? 0), drawn.graceMs),
      }
    case 'thaw':
    case 'voidFrozen': {
      const all = wallet.freezesLeft()
      const ref = drawn.which < 9 && all[drawn.which % all.length]?.ref
      if (drawn.draw === 'voidFrozen') return { move: 'voidFrozen', ref: ref || 'no such freeze' }
      return { move: 'thaw', ref: ref || 'no such freeze', graceTo: later(now, drawn.graceMs) }
    }
    case 'close':
      return {
        move: 'close',
        usableUntil: later(now, drawn.inMs),
        graceTo: later(now, drawn.graceMs),
      }
  }
}

function later(now: number, inMs: number | null): number | null {
  return inMs === null ? null : now + inMs
}

const COMES_BEFORE = { capture: 'held', release: 'held', refund: 'captured' } as const

function isTooEarly(drawn: DrawnMove, wallet: NaiveWallet): boolean {
  if ('even' in drawn && drawn.even) return false
  switch (drawn.draw) {
    case 'hold':
    case 'freeze':
      return wallet.at('available').length === 0
    case 'thaw':
    case 'voidFrozen':
      return wallet.freezesLeft().length === 0
    case 'clawback':
      return wallet.lots.length === 0
    case 'capture':
    case 'release':
    case 'refund':
      return ![...wallet.holds.values()].some(({ state }) => state === COMES_BEFORE[drawn.draw])
    default:
      return false
  }
}

function earlier(drawn: DrawnMove, wallet: NaiveWallet, names: Names): Move {
  const available = wallet.at('available').length
  const points = Math.max(1, Math.ceil(available / 2))
  if (available > 0 && (drawn.draw === 'thaw' || drawn.draw === 'voidFrozen')) {
    return { move: 'freeze', ref: names.ref(), points, until: null, graceTo: null }
  }
  const [held] = [...wallet.holds].find(([, { state }]) => state === 'held') ?? []
  if (held && drawn.draw === 'refund') {
    return { move: 'capture', ref: held, account: accountOf(held) }
  }
  if (available > 0) return { move: 'hold', ref: names.ref(), points }
  return {
    move: 'grant',
    points: 10 + wallet.lots.length,
    kind: 'base',
    source: 'purchase',
    ref: 'order-1',
    earnedAt: wallet.now,
    claimMs: null,
    expiresAt: wallet.lots.length % 2 === 0 ? null : wallet.now + 3 * DAY,
  }
}

function accountOf(ref: string): string {
  return `redeemed:${ref.length % 2 === 0 ? 'coupon' : 'Coupon'}`
}

function partOf(wallet: NaiveWallet, place: string, percent: number): number {
  return Math.ceil((wallet.at(place).length * percent) / 100)
}

/** Lots for which it is the time, mostly; or any, and one number beyond the last that is nobody's. */
function lotsOf(numbers: readonly number[], wallet: NaiveWallet, place: string): number[] {
  const ready = wallet.lots.filter((lot) => wallet.at(place, lot).length > 0)
  return numbers.map((number) => {
    if (number < 7 && ready.length > 0) return ready[number % ready.length]!.seq
    return (number % (wallet.lots.length + 1)) + 1
  })
}

function ofHold(
  { draw, which, lapsed }: Extract<DrawnMove, { lapsed: unknown }>,
  wallet: NaiveWallet,
): Move {
  // Mostly a hold for which it is the time; else any, or none.
  const wanted = draw === 'refund' ? 'captured' : 'held'
  const all = [...wallet.holds]
  const ready = all.filter(([, { state }]) => state === wanted)
  const from = which < 8 && ready.length > 0 ? ready : all
  const ref = from[which % from.length]?.[0] ?? 'no such hold'
  const account = accountOf(ref)
  if (draw === 'capture') return { move: 'capture', ref, account }
  if (draw === 'release') return { move: 'release', ref, lapsed }
  return { move: 'refund', ref, account, lapsed }
}

function clawback(
  { order, percent, policy, tooMuch }: Extract<DrawnMove, { draw: 'clawback' }>,
  wallet: NaiveWallet,
): Move {
  const orders = [...new Set(wallet.lots.map(({ ref }) => ref))]
  const ref = orders[order % orders.length]
  const lots = wallet.lots.filter((lot) => lot.ref === ref)
  const granted = lots.reduce((sum, lot) => sum + lot.granted, 0)
  const before = wallet.returned.get(ref ?? '') ?? { points: 0, forgiven: 0 }
  const points = Math.ceil(((granted - before.points) * percent) / 100)
  return {
    move: 'clawback',
    lots: lots.map(({ seq }) => seq),
    points: tooMuch ? granted + 1 : points,
    forgivenBefore: before.forgiven,
    policy,
  }
}
