import type { Fulfilment, RedemptionChannel } from '../../index.js'
import type { BrokenChannel } from './broken-channels.js'
import { cancelTea, fulfilTea, type TeaRedemption, teaHouse } from './tea-channel.js'
import { channelOver, openTeaShop } from './tea-shop.js'
import { TeaTicket } from './tea-tables.js'

/** Redemptions of which an answer was lost. */
const lost = new Set<string>()
let calls = 0
const nameOf = ({ redemption }: TeaRedemption) => ({ redemptionId: redemption.id })
const NO: Fulfilment = { outcome: 'refused', code: 'TEA_SOLD_OUT' }

/** Channels that say too much where nobody can say whether something was done. */
export const BROKEN_UNKNOWN: readonly BrokenChannel[] = [
  losing('takes a lost answer of its store for a no', {
    says: 'fulfil answers refused where a transaction is written and its answer lost',
    fulfil: (context) => fulfilTea(context).catch(() => NO),
  }),
  losing('says nothing that means anything where an answer is lost', {
    says: 'fulfil answers undefined where a transaction is written and its answer lost',
    fulfil: (context) => fulfilTea(context).catch(() => null),
  }),
  losing('takes a transaction that is not written for a no', {
    says: 'fulfil answers refused where nothing can be written',
    fulfil: (context) =>
      fulfilTea(context).catch(async (fault) => {
        // Where it is written after all, or cannot be read, nobody knows.
        if (await context.store.read((it) => it.existsBy(TeaTicket, nameOf(context)))) throw fault
        return NO
      }),
  }),
  losing('takes what cannot be read for a no', {
    says: 'fulfil answers refused where nothing can be read',
    async fulfil(context) {
      try {
        await context.store.read((it) => it.existsBy(TeaTicket, nameOf(context)))
      } catch {
        return NO
      }
      return fulfilTea(context)
    },
  }),
  losing('gives up what may have been given', {
    says: 'after a transaction is written and its answer lost, fulfil gives nothing',
    fulfil: (context) =>
      fulfilTea(context).catch(async (fault) => {
        await cancelTea(context)
        throw fault
      }),
  }),
  losing('gives under another name what may have been given', {
    says: /^after a transaction is written and its answer lost: asked again, it gave another receipt: /,
    fulfil: fulfilOrCount,
  }),
  losing('takes a lost answer for a no when it takes back', {
    says: 'cancel answers refused where a transaction is written and its answer lost',
    cancel: (context) => cancelTea(context).catch(() => NO),
  }),
  losing('takes nothing back of what may have been taken back', {
    says: 'after a transaction is written and its answer lost, cancel takes nothing back',
    cancel: async (context) =>
      lost.has(context.redemption.id)
        ? NO
        : cancelTea(context).catch((fault) => {
            lost.add(context.redemption.id)
            throw fault
          }),
  }),
  shopBroken('takes a lost answer of its shop for a no', ['unknown-is-not-failure'], {
    says: 'fulfil answers refused where the answer of the shop is lost',
    channelOf: (shop) =>
      channelOver(
        ({ redemption }) => shop.give(redemption.id),
        () => NO,
      ),
  }),
  shopBroken('asks its shop once more where an answer is lost', ['unknown-is-not-failure'], {
    says: 'after the answer of the shop is lost, it has given 2',
    channelOf: (shop) =>
      channelOver(({ redemption }) =>
        shop.give(redemption.id).catch(() => shop.give(redemption.id, { once: false })),
      ),
  }),
  shopBroken(
    'asks its shop for more each time',
    ['fulfil-twice-gives-once', 'fulfil-at-once-gives-once', 'unknown-is-not-failure'],
    {
      says: 'asked again, it has given 2 instead of 1',
      channelOf: (shop) =>
        channelOver(({ redemption }) => shop.give(redemption.id, { once: false })),
    },
  ),
]

/** With a receipt that is another each time, once an answer was lost. */
async function fulfilOrCount(context: TeaRedemption): Promise<Fulfilment> {
  const { id } = context.redemption
  const answer = await fulfilTea(context).catch((fault) => {
    lost.add(id)
    throw fault
  })
  if (answer.outcome !== 'fulfilled' || !lost.has(id)) return answer
  calls += 1
  return { ...answer, receipt: calls }
}

function losing(
  how: string,
  {
    says,
    ...changed
  }: {
    readonly says: string | RegExp
    fulfil?(context: TeaRedemption): Promise<unknown>
    cancel?(context: TeaRedemption): Promise<unknown>
  },
): BrokenChannel {
  const channel = { ...teaHouse, ...changed } as never
  return { how, foundBy: ['unknown-is-not-failure'], says, channel }
}

function shopBroken(
  how: string,
  foundBy: readonly string[],
  {
    says,
    channelOf,
  }: {
    readonly says: string
    channelOf(shop: ReturnType<typeof openTeaShop>): RedemptionChannel
  },
): BrokenChannel {
  const shop = openTeaShop()
  return { how, foundBy, says, channel: channelOf(shop), options: shop.options }
}
