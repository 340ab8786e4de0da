import { behaviour } from '@pointwell/earn-behaviour'
import { checkIn } from '@pointwell/earn-check-in'
import { purchase } from '@pointwell/earn-purchase'
import { referral } from '@pointwell/earn-referral'
import { review } from '@pointwell/earn-review'
import { isRefusal, verifyLedger } from '@pointwell/ledger'
import { redeemCoupon } from '@pointwell/redeem-coupon'
import { openDraw } from '../chaos/draw.js'
import type { StoreName } from '../support/databases.js'
import { openTestProgram, type TestProgram } from '../support/test-program.js'
import {
  compareMembers,
  compareReminders,
  compareTotals,
  compareWallets,
  YearDiffers,
} from './compare.js'
import { DayDrawer } from './draw-day.js'
import type { Act } from './oracle/acts.js'
import { endOf, HOUR_MS, isoOf, startOf } from './oracle/berlin.js'
import { graceFor } from './oracle/terms.js'
import { Town } from './oracle/town.js'
import { Performer } from './perform.js'
import { firstDayOf, OFFERS, versionsOf } from './programme.js'

export interface YearTerms {
  readonly store: StoreName
  readonly seed: number
  readonly members: number
  readonly days: number
  /** Told of each month. */
  readonly print?: (line: string) => void
}

export interface YearDone {
  readonly acts: number
  readonly refused: number
  readonly transactions: number
  readonly totals: ReadonlyMap<string, number>
}

/** When jobs run on a day: right after midnight, twice more, and at its very end, so that reminders, which
 * run once an hour, do not run beside what gives old lots their last day. */
const TICKS_MS = [11_000, 2 * HOUR_MS, 14 * HOUR_MS]

/**
 * Members live through the days, on a programme whose clock a day takes as long as its acts; what they
 * have is compared with the oracle at the end of each day, what they are shown and what the accounts come to
 * once a week, all of it at the end. Throws `YearDiffers` at the first difference.
 */
export async function liveYear({
  store,
  seed,
  members,
  days,
  print,
}: YearTerms): Promise<YearDone> {
  const firstDay = firstDayOf(days)
  const versions = versionsOf(seed, { firstDay, members, days })
  const time = { now: startOf(firstDay) }
  const plugins = [purchase, checkIn, behaviour, referral, review, redeemCoupon]
  const firstPolicy = versions[0]!.rules
  // Whoever is late on a busy machine is not at fault.
  const test = await openTestProgram(store, { plugins, time, firstPolicy, decideMs: 60_000 })
  const { program } = test
  for (const { id, byHand, cashMinor, perMonth, stock } of OFFERS) {
    const offer = await program.offers.create({
      id,
      channel: 'coupon',
      title: { en: id, zh: id },
      cashValue: { amountMinor: cashMinor, currency: 'EUR' },
      price: { byHand },
      stock: { total: stock },
      limitPerMember: perMonth === null ? null : { count: perMonth, period: 'month' },
      details: { type: 'direct-deduction', offMinor: cashMinor },
    })
    if (isRefusal(offer)) throw new Error(`${id}: ${JSON.stringify(offer)}`)
  }

  const town = new Town(versions[0]!.rules, new Map(OFFERS.map((offer) => [offer.id, offer])))
  const performer = new Performer(program)
  const drawer = new DayDrawer(openDraw(seed), { members, firstDay, days })
  let acts = 0
  let refused = 0
  let oldLotsAt = Infinity

  for (let day = firstDay; day < firstDay + days; day++) {
    const where = { store, seed, day }
    const compared = { test, town, wallets: performer.wallets, where }

    const advance = async (at: number): Promise<void> => {
      while (town.nextConfirmation() <= at) {
        time.now = town.nextConfirmation()
        await settleAll(test)
        town.hearConfirmations(time.now)
      }
      time.now = at
    }

    const tick = async (): Promise<void> => {
      await settleAll(test)
      const runs = await program.jobs.runDue()
      const failed = runs.filter(({ error }) => error !== undefined)
      if (failed.length > 0)
        throw new YearDiffers({ ...where, what: 'A job' }, { is: failed, shouldBe: [] })
      if (time.now >= oldLotsAt) {
        town.endOldLots(time.now)
        oldLotsAt = Infinity
      }
      if (runs.some(({ name }) => name === 'reminders')) town.remind(time.now)
    }

    /** Of several at once, none stands in another's way: they come side by side. */
    const perform = async (together: readonly Act[]): Promise<void> => {
      const shouldBe = together.map((act) => town.do(act, time.now))
      const is = await Promise.all(together.map((act) => performer.do(act, time.now)))
      for (const [place, act] of together.entries()) {
        acts += 1
        if ('refused' in is[place]!) refused += 1
        const concerned = concernedBy(act, town)
        const line = `${new Date(time.now).toISOString()} ${told(act)} → ${JSON.stringify(shouldBe[place])}`
        for (const member of concerned) member.told.push(line)
        if (JSON.stringify(is[place]) === JSON.stringify(shouldBe[place])) continue
        const [member] = concerned
        const what = `What came of ${told(act)}`
        throw new YearDiffers(
          { ...where, what, ...(member && { member }) },
          { is: is[place], shouldBe: shouldBe[place] },
        )
      }
      if (together.some((act) => NOTICED.has(act.do))) await program.notices.handleDue()
    }

    const begins = versions.find(({ from }, place) => place > 0 && from === day)
    if (begins) {
      await advance(startOf(day))
      await perform([{ do: 'policy', rules: begins.rules }])
      const isNew = graceFor(begins.rules, 'purchase')?.before === startOf(day)
      if (isNew) oldLotsAt = startOf(day) + TICKS_MS[0]!
    }
    const ticks = [...TICKS_MS.map((ms) => startOf(day) + ms), endOf(day) - 20_000].map((at) => ({
      at,
      act: null,
    }))
    const list = [...drawer.day(day, town), ...ticks].sort((a, b) => a.at - b.at)
    for (const { at, acts } of inGroups(list, (at) => town.isRich(at))) {
      await advance(at)
      await (acts ? perform(acts) : tick())
    }
    await advance(endOf(day) - 1)
    await compareWallets(compared)
    const isLast = day === firstDay + days - 1
    if (isLast || (day - firstDay) % 7 === 6) {
      await compareTotals(compared)
      await compareMembers(compared)
      await compareReminders(compared)
    }
    if (isLast || (day - firstDay) % 30 === 29) {
      print?.(`${isoOf(day)}: ${town.members.size} members, ${acts} acts, ${refused} refused`)
    }
  }

  const verified = await verifyLedger(test.ledger.store)
  if (!verified.ok) throw new Error(`verify: ${JSON.stringify(verified.first)}`)
  return { acts, refused, transactions: verified.transactions, totals: town.totals }
}

/** Small acts of different members at the same moment go together, where no budget is so short that it
 * matters who comes first. */
function inGroups(
  list: readonly { readonly at: number; readonly act: Act | null }[],
  isRich: (at: number) => boolean,
): { at: number; acts: Act[] | null }[] {
  const groups: { at: number; acts: Act[] | null; members: Set<string> }[] = []
  for (const { at, act } of list) {
    const last = groups.at(-1)
    const member = act && (act.do === 'check-in' || act.do === 'behave') ? act.member : null
    const goesAlong =
      member !== null &&
      last?.acts &&
      last.at === at &&
      last.members.size > 0 &&
      !last.members.has(member)
    if (goesAlong && act && isRich(at)) {
      last.acts!.push(act)
      last.members.add(member)
    } else {
      groups.push({
        at,
        acts: act ? [act] : null,
        members: new Set(member === null ? [] : [member]),
      })
    }
  }
  return groups
}

/** Acts that sources follow. */
const NOTICED: ReadonlySet<Act['do']> = new Set(['order', 'confirm', 'return', 'cancel'])

async function settleAll({ ledger, program }: TestProgram): Promise<void> {
  while ((await ledger.sweep(500)).transactions > 0);
  await program.notices.handleDue()
}

function concernedBy(act: Act, town: Town) {
  if (act.do === 'policy') return []
  const order = 'orderId' in act ? town.orders.get(act.orderId) : undefined
  const ids = [
    'member' in act ? act.member : undefined,
    'to' in act ? act.to : undefined,
    'referrer' in act ? act.referrer : undefined,
    order?.grant.member.profile.id,
    act.do === 'register' ? act.profile.id : undefined,
  ]
  const known = [...new Set(ids)].flatMap((id) => (id ? (town.members.get(id) ?? []) : []))
  return known
}

function told(act: Act): string {
  if (act.do === 'policy') return 'a new policy'
  const { do: name, ...more } = act
  return `${name} ${JSON.stringify(more)}`
}
