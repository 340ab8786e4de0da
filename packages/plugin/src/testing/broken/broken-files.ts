import fc from 'fast-check'
import type { EntityManager } from 'typeorm'
import {
  definePluginFile,
  type FileContext,
  type PluginFile,
  refuse,
  wholeNumber,
} from '../../index.js'
import type { RedemptionChannelOptions } from '../index.js'
import type { BrokenChannel } from './broken-channels.js'
import { type TicketLine, takeTickets, teaHouse, ticketFile, ticketLine } from './tea-channel.js'
import { TeaTicket } from './tea-tables.js'

type Taken = Promise<unknown> | readonly unknown[]
type Page = Parameters<PluginFile['read']>[1]

const taking = (take: (lines: readonly TicketLine[], context: FileContext) => Taken) => ({ take })
const reading = (tell: (ticket: TeaTicket) => object) => ({
  read: async (manager: EntityManager, page: Page) =>
    ((await ticketFile.read(manager, page)) as unknown as TeaTicket[]).map(tell),
})
const changing = (change: (line: TicketLine) => TicketLine) => ({
  ...taking((lines, context) => takeTickets(lines.map(change), context)),
  ...reading((ticket) => change({ ...ticket })),
})

/** Tickets that are numbered: where the line does not say how. */
const numbered = ticketLine
  .omit({ state: true })
  .extend({ number: wholeNumber({ min: 0, max: 1_000_000 }).optional() })
const NO_NUMBERS = { arbitraries: { 'file.tickets.number': fc.constant(undefined) } }
let numbers = 0

/** Channels whose files are broken in one way. */
export const BROKEN_FILES: readonly BrokenChannel[] = [
  filing(
    'writes in a dry run',
    'it writes in a dry run',
    taking((lines, context) => takeTickets(lines, { ...context, dryRun: false })),
  ),
  filing(
    'takes in a dry run what it refuses afterwards',
    'a dry run says otherwise',
    taking((lines, context) =>
      context.dryRun ? lines.map(() => 'taken') : lines.map(() => refuse('TEA_SOLD_OUT')),
    ),
  ),
  filing(
    'says in a dry run that all is there',
    'a dry run says otherwise',
    taking((lines, context) =>
      context.dryRun ? lines.map(() => 'there') : takeTickets(lines, context),
    ),
  ),
  filing(
    'reads out another name',
    'other lines come out than went in',
    reading((ticket) => ({ ...ticket, redemptionId: `x${ticket.redemptionId}`.slice(0, 64) })),
  ),
  filing('reads out the same page for ever', 'other lines come out than went in', {
    read: (manager: EntityManager, { limit }: Page) => manager.find(TeaTicket, { take: limit }),
  }),
  filing(
    'keeps every other line',
    'other lines come out than went in',
    taking(async (lines, context) => {
      const answers = await takeTickets(lines, { ...context, dryRun: true })
      const kept = lines.filter((_, place) => place % 2 === 0)
      await takeTickets(kept, context)
      return answers
    }),
  ),
  // Each of these changes what it changed already to the same again.
  filing(
    'shortens a field on the way in and on the way out',
    'its field memberId comes out otherwise than it went in',
    changing((line) => ({ ...line, memberId: line.memberId.slice(0, 1) })),
  ),
  filing(
    'takes every ticket for given',
    'its field state comes out otherwise than it went in',
    changing((line) => ({ ...line, state: 'given' })),
  ),
  filing(
    'says of what is there that it went in',
    'a line that is there goes in again',
    taking(async (lines, context) => {
      await takeTickets(lines, context)
      return lines.map(() => 'taken')
    }),
  ),
  filing(
    'changes what is there when it comes again',
    'lines that come again change what is there',
    taking(async (lines, context) => {
      const answers = await takeTickets(lines, context)
      const [again] = lines.filter((_, place) => answers[place] === 'there')
      await context.store.write(async (manager) => {
        if (again) await manager.update(TeaTicket, again.redemptionId, { memberId: 'another' })
      })
      return answers
    }),
  ),
  filing(
    'refuses what it reads out',
    'it does not take what it reads out',
    {
      line: numbered,
      ...taking((lines, context) => {
        const isOld = lines.some((line) => 'number' in line && line.number !== undefined)
        if (isOld) return lines.map(() => refuse('TEA_SOLD_OUT'))
        return takeTickets(
          lines.map((line) => ({ ...line, state: 'given' })),
          context,
        )
      }),
      ...reading(({ redemptionId, memberId }) => ({ redemptionId, memberId, number: 1 })),
    },
    NO_NUMBERS,
  ),
  filing(
    'numbers anew what has a number',
    'what it reads out makes something else in an empty system',
    {
      line: numbered,
      ...taking((lines, context) =>
        takeTickets(
          lines.map(({ redemptionId, memberId }) => {
            numbers += 1
            return { redemptionId, memberId, state: `${numbers}` as never }
          }),
          context,
        ),
      ),
      ...reading(({ redemptionId, memberId, state }) => ({
        redemptionId,
        memberId,
        number: Number(state),
      })),
    },
    NO_NUMBERS,
  ),
  filing(
    'answers for fewer lines than came',
    / in files\.tickets\.take: it does not answer each line$/,
    taking(() => []),
  ),
  filing(
    'refuses every line',
    'files.tickets: it takes no line at all',
    taking((lines) => lines.map(() => refuse('TEA_SOLD_OUT'))),
  ),
  {
    ...filing('has another file that takes nothing', 'files.notes: it takes no line at all', {}),
    channel: {
      ...teaHouse,
      files: [
        ticketFile,
        { ...ticketFile, name: 'notes', take: (lines) => lines.map(() => refuse('TEA_SOLD_OUT')) },
      ],
    },
  },
  filing('takes lines that nobody can make', /^no values can be made for file\.tickets: .*[^.]$/, {
    line: ticketLine.refine(() => false),
  }),
]

function filing(
  how: string,
  says: string | RegExp,
  changed: object,
  options?: RedemptionChannelOptions,
): BrokenChannel {
  const files = [definePluginFile({ ...ticketFile, ...changed })]
  return {
    how,
    foundBy: ['files-come-out-as-they-went-in'],
    says,
    channel: { ...teaHouse, files },
    ...(options && { options }),
  }
}
