import type { HoldingBalance } from '@pointwell/program'
import { quoteExactly } from '../import/import-report.js'

export type OpeningKind = 'members' | 'balances' | 'orders'
export type OpeningFormat = 'ndjson' | 'csv'

type Cells = Readonly<Record<string, unknown>>

/** How a cell of CSV is read and written. Empty: the field is not there. */
export type CellType =
  | 'text'
  /** Whole points and the like. */
  | 'number'
  | 'boolean'
  /** JSON in one cell. */
  | 'json'
  /** A moment, or `never` for null. */
  | 'never'

const MEMBER_COLUMNS = {
  id: 'text',
  joinedAt: 'text',
  birthday: 'text',
  region: 'text',
  staff: 'boolean',
  identities: 'json',
  formerIds: 'json',
  consent: 'json',
  lastActiveAt: 'text',
  tier: 'text',
  membershipUntil: 'never',
  tierFloors: 'json',
  accelerators: 'json',
  qualifyingSpend: 'json',
  waitingSpend: 'json',
  memory: 'json',
} as const satisfies Record<string, CellType>

const LOT_COLUMNS = {
  kind: 'text',
  source: 'text',
  ref: 'text',
  granted: 'number',
  available: 'number',
  pending: 'number',
  claimable: 'number',
  held: 'number',
  frozen: 'number',
  earnedAt: 'text',
  confirmAt: 'text',
  claimMs: 'number',
  claimBy: 'text',
  expiresAt: 'never',
  lapsed: 'number',
  voided: 'number',
  renewed: 'number',
} as const satisfies Record<string, CellType>

/** Of the whole wallet: on its first row. */
const WALLET_COLUMNS = {
  debt: 'number',
  closed: 'boolean',
  freezes: 'json',
} as const satisfies Record<string, CellType>

const BALANCE_COLUMNS = { member: 'text', ...LOT_COLUMNS, ...WALLET_COLUMNS } as const

/** A row is a policy, what was earned, or what was paid: each has cells of its own. */
const ORDER_COLUMNS = {
  member: 'text',
  source: 'text',
  ref: 'text',
  policy: 'text',
  lots: 'json',
  earned: 'json',
  payment: 'json',
  hold: 'json',
  answers: 'json',
  document: 'json',
} as const satisfies Record<string, CellType>

/** What a file of a kind looks like. */
export interface FileShape {
  /** What is in it: `members`, `goods-codes`. */
  readonly name: string
  readonly columns: Readonly<Record<string, CellType>>
  /** Without these columns a file says nothing, or something that nobody meant. */
  readonly needed: readonly string[]
}

const COLUMNS: Readonly<Record<OpeningKind, Readonly<Record<string, CellType>>>> = {
  members: MEMBER_COLUMNS,
  balances: BALANCE_COLUMNS,
  orders: ORDER_COLUMNS,
}

/** Without these a file says nothing, or says that points never expire because somebody forgot. */
const NEEDED_COLUMNS: Readonly<Record<OpeningKind, readonly string[]>> = {
  members: ['id'],
  balances: ['member', 'kind', 'available', 'expiresAt'],
  orders: Object.keys(ORDER_COLUMNS),
}

export function shapeOf(kind: OpeningKind): FileShape {
  return { name: kind, columns: COLUMNS[kind], needed: NEEDED_COLUMNS[kind] }
}

export function headerOf(columns: FileShape['columns']): string {
  return `${Object.keys(columns).join(',')}\n`
}

export const CSV_HEADERS: Readonly<Record<OpeningKind, string>> = {
  members: `${Object.keys(MEMBER_COLUMNS).join(',')}\n`,
  balances: `${Object.keys(BALANCE_COLUMNS).join(',')}\n`,
  orders: `${Object.keys(ORDER_COLUMNS).join(',')}\n`,
}

export function memberRow(member: Cells): string {
  return rowText(MEMBER_COLUMNS, member)
}

export function orderRow(line: Cells): string {
  return rowText(ORDER_COLUMNS, line)
}

/** A row a lot; what is owed without a lot is a row without one. */
export function balanceRows({ member, lots = [], ...ofWallet }: HoldingBalance): string {
  const rows = lots.length > 0 ? lots.map((lot): Cells => ({ ...lot })) : [{}]
  return rows
    .map((lot, place) => rowText(BALANCE_COLUMNS, { member, ...lot, ...(place === 0 && ofWallet) }))
    .join('')
}

export function rowText(columns: Readonly<Record<string, CellType>>, cells: Cells): string {
  return `${Object.entries(columns)
    .map(([name, type]) => quoteExactly(cellText(type, cells[name])))
    .join(',')}\n`
}

function cellText(type: CellType, value: unknown): string {
  if (value === undefined) return ''
  if (value === null) return type === 'never' ? 'never' : ''
  return type === 'json' ? JSON.stringify(value) : String(value)
}

/** A cell that is not what its column has. */
export class BadCell extends Error {
  constructor(
    readonly field: string,
    reason: string,
  ) {
    super(reason)
  }
}

/** The fields of a row whose cells are not empty. Throws `BadCell`. */
export function fieldsOfRow(
  columns: FileShape['columns'],
  names: readonly string[],
  cells: readonly string[],
): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const [place, name] of names.entries()) {
    const cell = cells[place]!
    if (cell !== '') fields[name] = readCell(columns[name]!, name, cell)
  }
  return fields
}

function readCell(type: CellType, field: string, cell: string): unknown {
  switch (type) {
    case 'text':
      return cell
    case 'never':
      return cell === 'never' ? null : cell
    case 'number':
      // What is no number stays what it is, and is refused with the rest.
      return /^-?\d+(\.\d+)?$/.test(cell) ? Number(cell) : cell
    case 'boolean':
      return cell === 'true' ? true : cell === 'false' ? false : cell
    case 'json':
      try {
        return JSON.parse(cell)
      } catch (error) {
        throw new BadCell(field, `no JSON: ${(error as Error).message}`)
      }
  }
}

/** Of the fields of a row: those of its lot, if it has one, and those of the wallet. */
export function partsOfRow(fields: Readonly<Record<string, unknown>>) {
  const pick = (columns: Readonly<Record<string, CellType>>) =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => Object.hasOwn(columns, name)))
  return { member: fields.member, lot: pick(LOT_COLUMNS), ofWallet: pick(WALLET_COLUMNS) }
}
