import { MoreThan } from 'typeorm'
import { z } from 'zod'
import {
  type Cancellation,
  type ChannelContext,
  definePluginFile,
  defineRedemptionChannel,
  type FileContext,
  type Fulfilment,
  identifier,
  type PluginStore,
  refuse,
  wholeNumber,
} from '../../index.js'
import { words } from './tea-source.js'
import {
  CreateTeaLog1767225600002,
  CreateTeaTicket1767225600001,
  TeaLog,
  TeaTicket,
} from './tea-tables.js'

const teaOffer = z.strictObject({ cups: wholeNumber({ min: 0, max: 10 }) })

export type TeaRedemption = ChannelContext<
  unknown,
  z.output<typeof teaOffer>,
  Record<string, never>
>

/** The one ticket of a redemption, in this state unless there is one already. */
export async function findOrWrite(
  store: PluginStore,
  { id, memberId }: { readonly id: string; readonly memberId: string },
  state: TeaTicket['state'],
): Promise<TeaTicket> {
  const find = () => store.read((manager) => manager.findOneBy(TeaTicket, { redemptionId: id }))
  const known = await find()
  if (known) return known
  const row = { redemptionId: id, memberId, state }
  try {
    await store.write((manager) => manager.insert(TeaTicket, row))
    return row
  } catch (fault) {
    if (!store.isDuplicateKey(fault)) throw fault
    return (await find())!
  }
}

export async function fulfilTea({ store, redemption, signal }: TeaRedemption): Promise<Fulfilment> {
  if (signal.aborted) return { outcome: 'unknown' }
  const { state } = await findOrWrite(store, redemption, 'given')
  return state === 'given'
    ? { outcome: 'fulfilled', receipt: { ticket: redemption.id } }
    : { outcome: 'refused', code: 'TEA_CANCELLED' }
}

export async function cancelTea({
  store,
  redemption,
  signal,
}: TeaRedemption): Promise<Cancellation> {
  if (signal.aborted) return { outcome: 'unknown' }
  await findOrWrite(store, redemption, 'void')
  await store.write((manager) =>
    manager.update(TeaTicket, { redemptionId: redemption.id }, { state: 'void' }),
  )
  return { outcome: 'cancelled' }
}

export const ticketLine = z.strictObject({
  redemptionId: identifier(),
  memberId: identifier(),
  state: z.enum(['given', 'void']).default('given'),
})

export type TicketLine = z.output<typeof ticketLine>

/** What becomes of each of these tickets. */
export async function takeTickets(lines: readonly TicketLine[], { store, dryRun }: FileContext) {
  return store.write(async (manager) => {
    const answers: ('taken' | 'there')[] = []
    for (const line of lines) {
      const { redemptionId } = line
      const known = await manager.findOneBy(TeaTicket, { redemptionId })
      if (!known && !dryRun) await manager.insert(TeaTicket, line)
      answers.push(known ? 'there' : 'taken')
    }
    return answers
  })
}

export const ticketFile = definePluginFile({
  name: 'tickets',
  line: ticketLine,
  key: ({ redemptionId }) => redemptionId,
  take: (lines, context) => takeTickets(lines, context),
  read: (manager, { after, limit }) =>
    manager.find(TeaTicket, {
      where: after ? { redemptionId: MoreThan(after.redemptionId) } : {},
      order: { redemptionId: 'ASC' },
      take: limit,
    }),
})

/** A channel that keeps to all of the contract. */
export const teaHouse = defineRedemptionChannel({
  id: 'tea',
  version: '1.0.0',
  contract: '^1.0.0',
  title: words,
  loop: 'closed',
  settings: z.strictObject({}),
  offer: teaOffer,
  order: z.strictObject({}).default({}),
  refusals: { TEA_CANCELLED: words, TEA_SOLD_OUT: words },
  entities: [TeaTicket, TeaLog],
  migrations: [CreateTeaTicket1767225600001, CreateTeaLog1767225600002],
  members: {
    async erased({ memberId, pseudonym }, store) {
      await store.write((manager) =>
        manager.update(TeaTicket, { memberId }, { memberId: pseudonym }),
      )
    },
    async merged({ from, into }, store) {
      await store.write((manager) =>
        manager.update(TeaTicket, { memberId: from }, { memberId: into }),
      )
    },
  },
  check: ({ offer }) => (offer.details.cups === 0 ? refuse('TEA_SOLD_OUT') : null),
  fulfil: fulfilTea,
  cancel: cancelTea,
})
