import type { HoldingBalance } from '@pointwell/program'
import { quoteExactly } from '../import/import-report.js'

export type OpeningKind = 'members' | 'balances'
export type OpeningFormat = 'ndjson' | 'csv'

type Cells = Readonly<Record<string, unknown>>

/** How a cell of CSV is read and written. Empty: the field is not there. */
type CellType =
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
  renewed: 'number',
} as const satisfies Record<string, CellType>

/** Of the whole wallet: on its first row. */
const WALLET_COLUMNS = {
  debt: 'number',
  closed: 'boolean',
  freezes: 'json',
} as const satisfies Record<string, CellType>

const BALANCE_COLUMNS = { member: 'text', ...LOT_COLUMNS, ...WALLET_COLUMNS } as const

export const COLUMNS: Readonly<Record<OpeningKind, Readonly<Record<string, CellType>>>> = {
  members: MEMBER_COLUMNS,
  balances: BALANCE_COLUMNS,
}

/** Without these a file says nothing, or says that points never expire because somebody forgot. */
export const NEEDED_COLUMNS: Readonly<Record<OpeningKind, readonly string[]>> = {
  members: ['id'],
  balances: ['member', 'kind', 'available', 'expiresAt'],
}

export const CSV_HEADERS: Readonly<Record<OpeningKind, string>> = {
  members: `${Object.keys(MEMBER_COLUMNS).join(',')}\n`,
  balances: `${Object.keys(BALANCE_COLUMNS).join(',')}\n`,
}

export function memberRow(member: Cells): string {
  return rowText(MEMBER_COLUMNS, member)
}

/** A row a lot; what is owed without a lot is a row without one. */
export function balanceRows({ member, lots = [], ...ofWallet }: HoldingBalance): string {
  const rows = lots.length > 0 ? lots.map((lot): Cells => ({ ...lot })) : [{}]
  return rows
    .map((lot, place) => rowText(BALANCE_COLUMNS, { member, ...lot, ...(place === 0 && ofWallet) }))
    .join('')
}

function rowText(columns: Readonly<Record<string, CellType>>, cells: Cells): string {
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
  kind: OpeningKind,
  names: readonly string[],
  cells: readonly string[],
): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const [place, name] of names.entries()) {
    const cell = cells[place]!
    if (cell !== '') fields[name] = readCell(COLUMNS[kind][name]!, name, cell)
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
