import { inspect } from 'node:util'
import { dataOf } from '../support/ask-program.js'
import type { StoreName } from '../support/databases.js'
import type { TestProgram } from '../support/test-program.js'
import { isoOf } from './oracle/berlin.js'
import { activityAt } from './oracle/grants.js'
import type { OracleMember } from './oracle/member.js'
import type { Town } from './oracle/town.js'
import { STATES } from './oracle/wallet.js'

/** The first place where the programme and the specification differ, with what led to it. */
export class YearDiffers extends Error {
  override readonly name = 'YearDiffers'
  constructor(
    where: { store: StoreName; seed: number; day: number; what: string; member?: OracleMember },
    { is, shouldBe }: { is: unknown; shouldBe: unknown },
  ) {
    const { store, seed, day, what, member } = where
    const told = member ? member.told.slice(-80) : []
    super(
      [
        `${what} on ${isoOf(day)} (${store}, seed ${seed}):`,
        `  is        ${shown(is)}`,
        `  should be ${shown(shouldBe)}`,
        ...(member ? [`What ${member.profile.id} did: ${shown(member.profile)}`] : []),
        ...told.map((line) => `  ${line}`),
      ].join('\n'),
    )
  }
}

function shown(value: unknown): string {
  return inspect(value, { depth: 6, breakLength: 150, compact: 3, maxArrayLength: 100 })
}

export interface Compared {
  readonly test: TestProgram
  readonly town: Town
  readonly wallets: ReadonlyMap<string, number>
  readonly where: { readonly store: StoreName; readonly seed: number; readonly day: number }
}

/** Balances and open lots of all members, as they are now. */
export async function compareWallets({ test, town, wallets, where }: Compared): Promise<void> {
  const { ledger, time } = test
  const ids = [...wallets.values()]
  await ledger.settle(ids)
  const found = new Map((await ledger.store.findWallets(ids)).map((it) => [it.id, it]))
  const lots = new Map<number, unknown[]>(ids.map((id) => [id, []]))
  for (const { wallet, lot } of await ledger.store.findLots(ids, { open: true })) {
    lots.get(wallet)!.push(lotShown(lot))
  }
  for (const [id, wallet] of wallets) {
    const member = town.member(id)
    town.settle(member, time.now)
    const { balance, lock } = found.get(wallet)!
    const shouldBe = {
      ...Object.fromEntries(STATES.map((state) => [state, member.wallet.sum(state)])),
      debt: member.wallet.debt,
      usableUntil: member.wallet.usableUntil,
      freezes: member.wallet.freezes.length,
      lots: member.wallet.openLots().map(lotShown),
    }
    const is = {
      ...Object.fromEntries(STATES.map((state) => [state, balance[state]])),
      debt: balance.debt,
      usableUntil: lock?.usableUntil ?? null,
      freezes: lock?.freezes.length ?? 0,
      lots: lots.get(wallet)!,
    }
    if (JSON.stringify(is) === JSON.stringify(shouldBe)) continue
    throw new YearDiffers({ ...where, what: `The wallet of ${id}`, member }, { is, shouldBe })
  }
}

function lotShown(lot: {
  seq: number
  kind: string
  source: string
  granted: number
  earnedAt: number
  claimable: number
  claimBy: number | null
  expiresAt: number | null
  lapsed: number
  available: number
  pending: number
  held: number
  frozen: number
}): string {
  const { seq, kind, source, granted, lapsed } = lot
  const at = (moment: number | null) => (moment === null ? 'never' : new Date(moment).toISOString())
  const states = STATES.filter((state) => lot[state] > 0).map((state) => `${lot[state]} ${state}`)
  const claim = lot.claimable > 0 ? ` claim by ${at(lot.claimBy)}` : ''
  return `${seq}: ${granted} ${kind} of ${source}, ${at(lot.earnedAt)} to ${at(lot.expiresAt)}${claim}: ${states.join(', ')}, ${lapsed} lapsed`
}

/** What all accounts come to: issued, expired, redeemed, and what is owed to members. */
export async function compareTotals({ test, town, where }: Compared): Promise<void> {
  const { ledger, time } = test
  const totals = await ledger.store.findTotalsAt(time.now)
  const sorted = (entries: Iterable<readonly [string, number]>) =>
    [...entries].filter(([, sum]) => sum !== 0).sort(([a], [b]) => (a < b ? -1 : 1))
  const is = sorted([...totals].map(([account, sum]) => [account, Number(sum)] as const))
  const shouldBe = sorted(town.totals)
  if (JSON.stringify(is) === JSON.stringify(shouldBe)) return
  throw new YearDiffers({ ...where, what: 'The accounts' }, { is, shouldBe })
}

/** Tiers and activity, as members are shown them. */
export async function compareMembers({ test, town, wallets, where }: Compared): Promise<void> {
  const ids = [...wallets.keys()]
  for (let from = 0; from < ids.length; from += 100) {
    const some = ids.slice(from, from + 100)
    const fields = some.map(
      (id, n) => `m${n}: member(id: "${id}") { tier { id } activity membership { lapsed } }`,
    )
    const answers = await dataOf(test, `{ ${fields.join('\n')} }`)
    for (const [n, id] of some.entries()) {
      const member = town.member(id)
      const now = test.time.now
      const is = answers[`m${n}`]
      const shouldBe = {
        tier: { id: member.standing.levelAt(town.rules, now).id },
        activity: activityAt(member, town.rules, now).toUpperCase(),
        membership: { lapsed: member.wallet.isClosed(now) },
      }
      if (JSON.stringify(is) === JSON.stringify(shouldBe)) continue
      throw new YearDiffers({ ...where, what: `What ${id} is shown`, member }, { is, shouldBe })
    }
  }
}

/** Reminders, each once. */
export async function compareReminders({ test, town, wallets, where }: Compared): Promise<void> {
  for (const [id, wallet] of wallets) {
    const member = town.member(id)
    const page = { wallet, before: Number.MAX_SAFE_INTEGER, limit: 5_000 }
    const messages = await test.program.messages.page(page)
    const expiring = messages.filter(({ kind }) => kind === 'expiring')
    const line = (name: string, points: number) => `${name}: ${points}`
    const is = expiring.map((it) => line(it.name, it.figures.points as number)).sort()
    const shouldBe = [...member.reminders].map(([name, points]) => line(name, points)).sort()
    if (JSON.stringify(is) === JSON.stringify(shouldBe)) continue
    throw new YearDiffers({ ...where, what: `The reminders of ${id}`, member }, { is, shouldBe })
  }
}
