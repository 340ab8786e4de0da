import { isRefusal, type Refusal } from '@pointwell/ledger'
import type {
  Brought,
  OpeningBalance,
  OpeningOrder,
  Openings,
  OpeningTerms,
  ReadMember,
} from '@pointwell/program'
import type { OpeningKind } from './opening-format.js'
import { addPoints, type PointSums } from './point-sums.js'
import type { SeenIds } from './seen-ids.js'

export type OpeningValue = ReadMember | OpeningBalance | OpeningOrder

/** What the lines of one kind of file are, and what is done with them. */
export interface Reading<Value = OpeningValue> {
  /** What a line is about, in a word. */
  readonly word: string
  /** What no other line of the file may be called; null: it cannot be told. */
  nameOf(line: unknown): {
    readonly name: string | null
    readonly field: string
    readonly member: string | null
  }
  read(line: unknown): { readonly value: Value; readonly refused?: undefined } | Refusal
  /** What is wrong with it beside other lines of these files. */
  checkAmong(value: Value, among: Among): Odd | undefined
  check(
    values: readonly Value[],
    isComing: (id: string) => boolean,
  ): Promise<readonly (Refusal | null)[]>
  bring(values: readonly Value[]): Promise<readonly (Brought | Refusal)[]>
  /** What is worth a word though it goes in. */
  warn(value: Value): { readonly reason: string } | null
  count(value: Value, counts: { lots: number; readonly points: PointSums }): void
}

interface Odd {
  readonly field: string
  readonly code: string
  readonly reason: string
}

export interface Among {
  readonly line: number
  readonly seen: SeenIds
  readonly identities: SeenIds
  /** How many lots each balance of this file has; `coming`: of the file before. */
  readonly lots: SeenIds
  readonly coming: { readonly lots: SeenIds | undefined }
}

export function openingReading(
  kind: OpeningKind,
  openings: Openings,
  terms: OpeningTerms,
): Reading {
  switch (kind) {
    case 'members':
      return membersReading(openings, terms)
    case 'balances':
      return balancesReading(openings, terms)
    case 'orders':
      return ordersReading(openings, terms)
  }
}

function membersReading(openings: Openings, terms: OpeningTerms): Reading {
  return {
    word: 'member',
    nameOf: (line) => calledBy(line, 'id'),
    read: (line) => openings.readMember(line, terms),
    checkAmong: (value, among) =>
      findNamedTwice(value as ReadMember, among) ?? findTwice(value as ReadMember, among),
    check: (values) => openings.checkMembers(values as ReadMember[]),
    bring: (values) => openings.bringMembers(values as ReadMember[]),
    warn(value) {
      const { line, tier } = value as ReadMember
      if (!line.tier || line.tier === tier) return null
      return { reason: `the file says ${line.tier}; by the policy here it is ${tier}` }
    },
    count() {},
  }
}

function balancesReading(openings: Openings, terms: OpeningTerms): Reading {
  return {
    word: 'member',
    nameOf: (line) => calledBy(line, 'member'),
    read: (line) => openings.readBalance(line, terms),
    checkAmong(value, { lots }) {
      const balance = value as OpeningBalance
      lots.add(balance.member, balance.lots.length)
      return undefined
    },
    check: (values, isComing) => openings.checkBalances(values as OpeningBalance[], isComing),
    bring: (values) => openings.bringBalances(values as OpeningBalance[]),
    warn: () => null,
    count(value, counts) {
      const { lots, debt } = value as OpeningBalance
      counts.lots += lots.length
      for (const lot of lots) addPoints(counts.points, lot)
      addPoints(counts.points, { debt })
    },
  }
}

function ordersReading(openings: Openings, terms: OpeningTerms): Reading {
  const policies = new Set<string>()
  return {
    word: 'order',
    nameOf: orderName,
    read(line) {
      const read = openings.readOrder(line, terms, policies)
      if (!isRefusal(read) && 'document' in read.value) policies.add(read.value.policy)
      return read
    },
    checkAmong: (value, among) => findLostLot(value as OpeningOrder, among),
    check: (values, isComing) => openings.checkOrders(values as OpeningOrder[], isComing),
    bring: (values) => openings.bringOrders(values as OpeningOrder[]),
    warn: () => null,
    count() {},
  }
}

function calledBy(line: unknown, field: 'id' | 'member') {
  const name = textOf(line, field)
  return { name, field, member: name }
}

function orderName(line: unknown): ReturnType<Reading['nameOf']> {
  const member = textOf(line, 'member')
  const called = (field: string, ...names: (string | null)[]) => ({
    name: names.includes(null) ? null : JSON.stringify([field, ...names]),
    field,
    member,
  })
  if (fieldOf(line, 'document') !== undefined) return called('policy', textOf(line, 'policy'))
  const payment = fieldOf(line, 'payment')
  if (payment !== undefined) return called('payment.orderId', textOf(payment, 'orderId'))
  return called('ref', textOf(line, 'source'), textOf(line, 'ref'))
}

function fieldOf(line: unknown, field: string): unknown {
  const isObject = typeof line === 'object' && line !== null && Object.hasOwn(line, field)
  return isObject ? (line as Record<string, unknown>)[field] : undefined
}

function textOf(line: unknown, field: string): string | null {
  const value = fieldOf(line, field)
  return typeof value === 'string' ? value : null
}

/** An identity that another line of the file has, too. */
function findTwice({ line: member }: ReadMember, { identities, line }: Among): Odd | undefined {
  for (const [place, it] of (member.identities ?? []).entries()) {
    const before = identities.add(`${it.kind} ${it.value}`, line)
    if (before !== undefined && before !== line) {
      const reason = `the member of line ${before} has the same identity`
      return { field: `identities.${place}`, code: 'IDENTITY_TAKEN', reason }
    }
  }
  return undefined
}

/** A former id that another line of the file has, too. */
function findNamedTwice({ line: member }: ReadMember, { seen, line }: Among): Odd | undefined {
  for (const [place, { id }] of (member.formerIds ?? []).entries()) {
    const before = seen.add(id, line)
    if (before !== undefined) {
      const reason = `line ${before} names a member by it, too`
      return { field: `formerIds.${place}`, code: 'TWICE', reason }
    }
  }
  return undefined
}

/** A lot that the balance of its member, which comes with it, does not have. */
function findLostLot(value: OpeningOrder, { coming }: Among): Odd | undefined {
  if ('document' in value || !coming.lots) return undefined
  const there = coming.lots.lineOf(value.member) ?? 0
  const isPayment = 'payment' in value
  const places = isPayment ? value.hold.taken.map(([lot]) => lot) : value.lots
  const lost = places.findIndex((place) => place > there)
  if (lost < 0) return undefined
  return {
    field: isPayment ? `hold.taken.${lost}` : `lots.${lost}`,
    code: 'LOT_NOT_FOUND',
    reason: `the balance of this member has ${there} lots`,
  }
}
