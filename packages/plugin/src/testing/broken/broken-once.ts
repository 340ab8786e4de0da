import { step } from '../../index.js'
import type { BrokenChannel } from './broken-channels.js'
import { cancelTea, fulfilTea, type TeaRedemption, teaHouse } from './tea-channel.js'
import { TeaTicket } from './tea-tables.js'

const HOUR_MS = 3_600_000
let calls = 0

/** What was given to a redemption already; null: nothing. */
const knownOf = ({ store, redemption }: TeaRedemption) =>
  store.read((manager) => manager.findOneBy(TeaTicket, { redemptionId: redemption.id }))

/** Channels that do not say twice what they said once, each in one way. */
export const BROKEN_ONCE: readonly BrokenChannel[] = [
  again('has another receipt a day later', ['fulfil-twice-gives-once'], {
    says: /^asked again, it gave another receipt: \{"ticket":"[^"]+"\}, then "late"$/,
    async fulfil(context) {
      const answer = await fulfilTea(context)
      const isLate = context.now > context.redemption.at + HOUR_MS
      return isLate && answer.outcome === 'fulfilled' ? { ...answer, receipt: 'late' } : answer
    },
  }),
  again(
    'makes another award each time',
    [
      'fulfil-twice-gives-once',
      'fulfil-at-once-gives-once',
      'an-aborted-call-is-unknown',
      'unknown-is-not-failure',
    ],
    {
      says: 'asked again, it made another award',
      async fulfil(context) {
        const answer = await fulfilTea(context)
        if (answer.outcome !== 'fulfilled') return answer
        calls += 1
        return { ...answer, award: { points: calls, because: [step('tea', calls)] } }
      },
    },
  ),
  again(
    'refuses who comes again',
    [
      'fulfil-twice-gives-once',
      'fulfil-at-once-gives-once',
      'an-aborted-call-is-unknown',
      'unknown-is-not-failure',
    ],
    {
      says: 'asked again, it answered refused',
      async fulfil(context) {
        if (context.signal.aborted) return { outcome: 'unknown' }
        if (await knownOf(context)) return { outcome: 'refused', code: 'TEA_SOLD_OUT' }
        return fulfilTea(context)
      },
    },
  ),
  again(
    'throws at who comes again',
    [
      'fulfil-twice-gives-once',
      'fulfil-at-once-gives-once',
      'an-aborted-call-is-unknown',
      'unknown-is-not-failure',
    ],
    {
      says: 'asked again, it does not answer',
      async fulfil(context) {
        if (context.signal.aborted) return { outcome: 'unknown' }
        if (await knownOf(context)) throw new Error('you again')
        return fulfilTea(context)
      },
    },
  ),
  again('cancels, and forgets that it gave', ['nothing-is-given-after-cancel'], {
    says: 'cancelled, it is given again',
    async cancel({ store, redemption, signal }) {
      if (signal.aborted) return { outcome: 'unknown' }
      await store.write((manager) =>
        manager.delete(TeaTicket, { redemptionId: redemption.id, state: 'given' }),
      )
      return { outcome: 'cancelled' }
    },
  }),
  again(
    'refuses to cancel what is cancelled',
    ['cancel-twice-cancels-once', 'unknown-is-not-failure'],
    {
      says: 'cancelled already, it does not say so when asked again',
      async cancel(context) {
        const known = await knownOf(context)
        if (known?.state === 'void') return { outcome: 'refused', code: 'TEA_CANCELLED' }
        return cancelTea(context)
      },
    },
  ),
]

function again(
  how: string,
  foundBy: readonly string[],
  {
    says,
    ...changed
  }: {
    readonly says: string | RegExp
    fulfil?(context: TeaRedemption): unknown
    cancel?(context: TeaRedemption): unknown
  },
): BrokenChannel {
  return { how, foundBy, says, channel: { ...teaHouse, ...changed } as never }
}
