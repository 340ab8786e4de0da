import { randomUUID } from 'node:crypto'
import { Like } from 'typeorm'
import { type RedemptionChannel, step } from '../../index.js'
import type { RedemptionChannelOptions } from '../index.js'
import { BROKEN_FILES } from './broken-files.js'
import { BROKEN_ONCE } from './broken-once.js'
import { BROKEN_UNKNOWN } from './broken-unknown.js'
import { cancelTea, findOrWrite, fulfilTea, type TeaRedemption, teaHouse } from './tea-channel.js'
import { Cups, TeaLog, TeaTicket } from './tea-tables.js'

/** A channel that is broken in one way. */
export interface BrokenChannel {
  readonly how: string
  /** The checks that find it, all of them and no other. */
  readonly foundBy: readonly string[]
  /** What is found, where a check has many reasons. */
  readonly says?: string | RegExp
  readonly channel: RedemptionChannel
  readonly options?: RedemptionChannelOptions
}

let calls = 0

function broken(
  how: string,
  foundBy: readonly string[],
  changed: object,
  options?: RedemptionChannelOptions,
): BrokenChannel {
  const channel = { ...teaHouse, ...changed } as unknown as RedemptionChannel
  return { how, foundBy, channel, ...(options && { options }) }
}

const fulfilling = (fulfil: (context: TeaRedemption) => Promise<unknown>) => ({ fulfil })
const writeLog = ({ store }: TeaRedemption) => {
  calls += 1
  return store.write((manager) => manager.insert(TeaLog, { id: `${calls}` }))
}
const fulfilledAs = async (context: TeaRedemption, changed: object) => {
  const answer = await fulfilTea(context)
  return answer.outcome === 'fulfilled' ? { ...answer, ...changed } : answer
}

export const BROKEN_CHANNELS: readonly BrokenChannel[] = [
  // ── Answers ───────────────────────────────────────────────────────────────────────────────
  {
    ...broken(
      'gives nothing to anybody',
      ['some-redemption-is-fulfilled'],
      fulfilling(async () => ({ outcome: 'refused', code: 'TEA_SOLD_OUT' })),
    ),
    says: 'no redemption was fulfilled, refused were TEA_SOLD_OUT (8): say in `arbitraries`',
  },
  broken(
    'answers with nothing',
    ['some-redemption-is-fulfilled', 'answers-are-well-formed'],
    fulfilling(async () => undefined),
  ),
  broken(
    'answers with null',
    ['some-redemption-is-fulfilled', 'answers-are-well-formed'],
    fulfilling(async () => null),
  ),
  broken('throws when it checks', ['never-throws'], {
    check: () => {
      throw new Error('too hot')
    },
  }),
  {
    ...broken('throws when it takes back', ['effects-never-throw'], {
      cancel: async () => {
        throw new Error('too cold')
      },
    }),
    says: 'cancel: it threw Error: too cold',
  },
  broken(
    'throws',
    ['effects-never-throw'],
    fulfilling(async (context) => {
      if (context.offer.details.cups > 5) throw new Error('too hot')
      return fulfilTea(context)
    }),
  ),
  broken(
    'changes its offer',
    ['effects-never-throw'],
    fulfilling(async (context) => {
      Object.assign(context.offer, { title: 'another' })
      return fulfilTea(context)
    }),
  ),
  broken(
    'never answers',
    ['effects-come-back-in-time'],
    fulfilling(() => new Promise(() => {})),
    { effectDeadlineMs: 50 },
  ),
  broken(
    'never lets go',
    ['effects-come-back-in-time'],
    fulfilling(async () => {
      for (;;);
    }),
    { effectDeadlineMs: 50 },
  ),
  broken(
    'uses an entity that it does not declare',
    ['uses-declared-entities-only'],
    fulfilling(async (context) => {
      await context.store.read((manager) => manager.count(Cups))
      return fulfilTea(context)
    }),
  ),
  broken(
    'answers with what is no outcome',
    ['answers-are-well-formed'],
    fulfilling(async (context) =>
      context.offer.details.cups > 5 ? { outcome: 'done' } : fulfilTea(context),
    ),
  ),
  {
    ...broken(
      'answers with a text',
      ['answers-are-well-formed'],
      fulfilling(async (context) =>
        context.offer.details.cups > 5 ? 'fulfilled' : fulfilTea(context),
      ),
    ),
    says: 'fulfil: it answered with fulfilled',
  },
  broken('checks with yes and no', ['answers-are-well-formed'], { check: () => true }),
  {
    ...broken(
      'refuses with a code that it does not declare',
      ['refusals-are-declared'],
      fulfilling(async (context) =>
        context.offer.details.cups > 5
          ? { outcome: 'refused', code: 'TEA_COLD' }
          : fulfilTea(context),
      ),
    ),
    says: 'fulfil: it refused with "TEA_COLD", which it does not declare',
  },
  {
    ...broken(
      'refuses without a code',
      ['refusals-are-declared'],
      fulfilling(async (context) =>
        context.offer.details.cups > 5 ? { outcome: 'refused' } : fulfilTea(context),
      ),
    ),
    says: 'fulfil: it refused with no code, which it does not declare',
  },
  broken('checks with a code that it does not declare', ['refusals-are-declared'], {
    check: () => ({ refused: true, code: 'TEA_COLD', figures: {} }),
  }),
  broken('looks at the clock when it checks', ['is-pure'], {
    check: () => (Date.now() < 0 ? true : null),
  }),
  broken(
    'has a receipt that is not JSON',
    ['receipt-is-small-json'],
    fulfilling((context) => fulfilledAs(context, { receipt: new Date(0) })),
  ),
  broken(
    'has a receipt that is large',
    ['receipt-is-small-json'],
    fulfilling((context) => fulfilledAs(context, { receipt: 'x'.repeat(100_000) })),
  ),
  broken(
    'awards what does not sum up',
    ['award-sums-up'],
    fulfilling((context) =>
      fulfilledAs(context, { award: { points: 2, because: [step('tea', 1)] } }),
    ),
  ),

  // ── Once ──────────────────────────────────────────────────────────────────────────────────
  broken(
    'gives something each time',
    ['fulfil-twice-gives-once'],
    fulfilling(async (context) => {
      const answer = await fulfilTea(context)
      if (answer.outcome === 'fulfilled') await writeLog(context)
      return answer
    }),
  ),
  broken(
    'has another receipt each time',
    [
      'fulfil-twice-gives-once',
      'fulfil-at-once-gives-once',
      'an-aborted-call-is-unknown',
      'unknown-is-not-failure',
    ],
    fulfilling((context) => {
      calls += 1
      return fulfilledAs(context, { receipt: calls })
    }),
  ),
  broken(
    'gives to two who ask at once',
    ['fulfil-at-once-gives-once'],
    fulfilling(async (context) => {
      const { store, redemption, signal } = context
      if (signal.aborted) return { outcome: 'unknown' }
      const known = await store.read((manager) =>
        manager.findOneBy(TeaLog, { id: Like(`${redemption.id}:%`) }),
      )
      const { state } = await findOrWrite(store, redemption, 'given')
      if (state === 'void') return { outcome: 'refused', code: 'TEA_CANCELLED' }
      if (known) return { outcome: 'fulfilled', receipt: known.id }
      // Nobody had one; and by now somebody may.
      const id = `${redemption.id}:${randomUUID()}`
      await store.write((manager) => manager.insert(TeaLog, { id }))
      return { outcome: 'fulfilled', receipt: id }
    }),
  ),
  broken(
    'does not look whether it is too late',
    ['an-aborted-call-is-unknown'],
    fulfilling((context) => fulfilTea({ ...context, signal: new AbortController().signal })),
  ),
  broken('takes back twice', ['cancel-twice-cancels-once'], {
    cancel: async (context: TeaRedemption) => {
      await writeLog(context)
      return cancelTea(context)
    },
  }),
  broken('knows the next day no more that it was taken back', ['cancel-twice-cancels-once'], {
    cancel: async (context: TeaRedemption) =>
      context.now < context.redemption.at + 86_400_000
        ? cancelTea(context)
        : { outcome: 'refused', code: 'TEA_CANCELLED' },
  }),
  broken('gives what was cancelled', ['nothing-is-given-after-cancel'], {
    cancel: async (context: TeaRedemption) => {
      await context.store.write((manager) =>
        manager.update(TeaTicket, { redemptionId: context.redemption.id }, { state: 'void' }),
      )
      return { outcome: 'cancelled' }
    },
  }),

  ...BROKEN_ONCE,
  ...BROKEN_UNKNOWN,

  // ── Members ───────────────────────────────────────────────────────────────────────────────
  {
    ...broken('forgets nobody', ['erased-members-stand-nowhere'], { members: undefined }),
    says: 'it keeps ids of members, and does nothing when one is erased',
  },
  broken('forgets by half', ['erased-members-stand-nowhere'], {
    members: { erased: async () => {}, merged: async () => {} },
  }),

  // ── Files ─────────────────────────────────────────────────────────────────────────────────
  ...BROKEN_FILES,
]
