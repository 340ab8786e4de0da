import { type Refusal, refuse, type SqlConnection } from '@pointwell/ledger'
import { openCalendar } from '@pointwell/plugin'
import type { Acting } from '../audit/acting.js'
import type { Audit } from '../audit/open-audit.js'
import { findSegmentFaults } from '../campaign/find-segment-faults.js'
import type { ProgramDatabase } from '../database/program-database.js'
import { settleGrace } from '../expiry/settle-grace.js'
import { findNamedByOffers, lostNames } from '../offer/find-lost-names.js'
import { selectOffersFrom } from '../offer/offer-rows.js'
import { fingerprint } from '../opening/fingerprints.js'
import { findPointValueFaults } from '../point-value/find-point-value-faults.js'
import { auditPolicy } from './audit-policy.js'
import { findFixedFaults } from './find-fixed-faults.js'
import { keepBroughtPolicy } from './keep-brought-policy.js'
import { openPolicyNames, type ToldPolicy } from './open-policy-names.js'
import type { PolicyDocument, PolicyPlugins } from './policy-document.js'
import type { PolicyInForce, PolicyReads } from './policy-in-force.js'
import {
  insertPolicy,
  type PolicyRow,
  selectInUse,
  selectNewestVersion,
  selectPolicies,
  selectUnknownPolicies,
} from './policy-rows.js'
import { type DocumentFault, openPolicyReader } from './read-policy.js'

/** A version with who made it and why. */
export interface PolicyVersion extends PolicyInForce {
  readonly createdBy: string
  readonly createdAt: number
  readonly note: string | null
}

export interface PolicyUpdate {
  /** A whole document; a section that is left out gets its defaults. */
  readonly document: unknown
  /** Epoch milliseconds, default now. */
  readonly effectiveFrom?: number | null
  /** The newest version the operator has seen; another one in between is POLICY_CONFLICT. */
  readonly baseVersion?: number | null
  readonly note?: string | null
  readonly by: string
  /** The operator who makes it, for the audit; its reason is the note. */
  readonly acting?: Acting | null
}

export type PolicyUpdated =
  | { readonly updated: PolicyVersion; readonly faults?: undefined; readonly refused?: undefined }
  | {
      readonly updated?: undefined
      readonly faults: readonly DocumentFault[]
      readonly refused?: undefined
    }
  | Refusal<'POLICY_CONFLICT'>

export type PolicyChecked =
  | { readonly checked: PolicyInForce; readonly faults?: undefined }
  | { readonly checked?: undefined; readonly faults: readonly DocumentFault[] }

/** The programme's policy through time (E1). */
export interface PolicyBook extends PolicyReads {
  /** Nothing changes unless the whole document is valid. */
  update(update: PolicyUpdate): Promise<PolicyUpdated>
  /** What an update would make, or every fault of it; nothing is written. */
  check(update: Pick<PolicyUpdate, 'document' | 'effectiveFrom' | 'note'>): Promise<PolicyChecked>
  /** In force at an instant, with who made it. */
  at(instant: number): PolicyVersion
  get(version: number): PolicyVersion
  find(version: number): PolicyVersion | undefined
  /** Newest first, before a version. */
  page(before: number | null, limit: number): readonly PolicyVersion[]
  /** A version's document as it was written, and what it goes by in files (O3). */
  told(version: number): ToldPolicy
  /** The version here that has the very document, brought from elsewhere or not. */
  findTold(id: string): number | undefined
  /** Keeps a document of elsewhere, or says what of it this server cannot read. */
  bring(document: unknown): Promise<readonly DocumentFault[]>
  /** The same, and nothing is written. */
  checkBrought(document: unknown): readonly DocumentFault[]
  /** Takes in what other servers wrote. */
  refresh(): Promise<void>
}

/** The policy of a store is one that this server cannot read: each fault is named. */
export class PolicyUnreadable extends Error {
  override readonly name = 'PolicyUnreadable'
  constructor(version: number, faults: readonly DocumentFault[]) {
    const list = faults.map(({ path, message }) => `${path || 'document'}: ${message}`).join('\n  ')
    super(`Version ${version} of the policy does not fit this server:\n  ${list}`)
  }
}

/** An operator's clock may be behind by so much. */
const MAX_PAST_MS = 5 * 60_000
const MAX_NOTE = 500
const MOST_RACES = 5

/**
 * Opens the policy of a store; an empty one gets `first` (default: the defaults) as version 1. All
 * versions are kept in memory: decisions read them under a lock, and returns go back to old ones.
 */
export async function openPolicyBook({
  database,
  plugins,
  clock,
  record,
  first = {},
  keepFirst = true,
}: {
  database: ProgramDatabase
  plugins: PolicyPlugins
  clock: () => number
  record: Audit['record']
  first?: unknown
  /** False: an empty store stays empty, and goes by `first` for as long as this is open. */
  keepFirst?: boolean
}): Promise<PolicyBook> {
  const readDocument = openPolicyReader(plugins)
  const versions: (PolicyVersion | UnreadVersion)[] = []
  const fromElsewhere: (PolicyVersion | UnreadVersion)[] = []
  const names = openPolicyNames()

  const last = () => versions.at(-1)?.version ?? 0
  const lowest = () => fromElsewhere.at(-1)?.version ?? 0
  const refresh = async (): Promise<void> => {
    const known = { after: last(), below: lowest() }
    const rows = await database.read((manager) =>
      selectUnknownPolicies(database.connection(manager), known),
    )
    // Two refreshes may run side by side.
    for (const row of rows) if (row.version > last()) versions.push(readRow(row))
    for (const row of rows.toReversed()) {
      if (row.version < lowest()) fromElsewhere.push(readRow(row))
    }
  }

  const readBrought = (document: unknown) => readDocument(withoutOtherPlugins(document, plugins))

  const readRow = (row: PolicyRow): PolicyVersion | UnreadVersion => {
    names.add(row)
    const reading = readBrought(row.document)
    if (reading.faults) return { ...row, unread: reading.faults }
    return {
      ...row,
      document: reading.document,
      calendar: openCalendar(reading.document.programme.zone),
    }
  }

  await refresh()
  if (versions.length === 0) {
    const reading = readDocument(first)
    if (reading.faults) throw new PolicyUnreadable(1, reading.faults)
    const lost = findSegmentFaults(reading.document)
    if (lost.length > 0) throw new PolicyUnreadable(1, lost)
    const settled = settleGrace(reading.document, { before: undefined, from: clock() })
    if ('faults' in settled) throw new PolicyUnreadable(1, settled.faults)
    const row = firstRow(settled.document, clock())
    if (keepFirst) {
      await writeFirst(database, row)
      await refresh()
    } else versions.push(readRow(row))
  }

  const checkAt = async (
    update: Pick<PolicyUpdate, 'document' | 'effectiveFrom' | 'note'>,
    now: number,
  ): Promise<PolicyChecked> => {
    const reading = readDocument(update.document)
    const faults = [...(reading.faults ?? []), ...faultsOfTerms(update, now)]
    if (faults.length > 0 || reading.faults) return { faults }
    await refresh()
    const { document: inForce, calendar } = book.at(now)
    const inUse = await database.read((manager) => selectInUse(database.connection(manager)))
    const fixed = findFixedFaults(reading.document, {
      inForce: inForce.programme,
      startsNow: (update.effectiveFrom ?? now) <= now,
      inUse,
    })
    const before = inForce.pointValue
    const untold = inUse
      ? findPointValueFaults(reading.document.pointValue, { before, now, calendar })
      : []
    const lost = findSegmentFaults(reading.document)
    const newest = versions.at(-1)!
    const effectiveFrom = update.effectiveFrom ?? now
    const previous = 'unread' in newest ? undefined : newest.document
    const named = previous
      ? await findNamedFaults(reading.document, { before: previous, effectiveFrom })
      : []
    const more = [...fixed, ...untold, ...lost, ...named]
    if (more.length > 0) return { faults: more }
    const settled = settleGrace(reading.document, {
      before: previous,
      from: Math.max(effectiveFrom, now),
    })
    if ('faults' in settled) return settled
    const { document } = settled
    return {
      checked: {
        version: newest.version + 1,
        effectiveFrom,
        document,
        calendar: openCalendar(document.programme.zone),
      },
    }
  }

  const findNamedFaults = async (
    document: PolicyDocument,
    { before, effectiveFrom }: { before: PolicyDocument; effectiveFrom: number },
  ): Promise<DocumentFault[]> => {
    const lost = lostNames(document, before)
    if (lost.length === 0) return []
    const offers = await database.read((manager) =>
      selectOffersFrom(database.connection(manager), effectiveFrom),
    )
    return findNamedByOffers(lost, offers)
  }

  const book: PolicyBook = {
    refresh,
    at(instant) {
      const found = versions.findLast(({ effectiveFrom }) => effectiveFrom <= instant)
      return readable(found ?? versions[0]!)
    },
    get(version) {
      const found = book.find(version)
      if (!found) throw new Error(`There is no version ${version} of the policy here.`)
      return found
    },
    find(version) {
      const found = (version < 0 ? fromElsewhere : versions).find((it) => it.version === version)
      return found && readable(found)
    },
    told(version) {
      const found = names.of(version)
      if (!found) throw new Error(`There is no version ${version} of the policy here.`)
      return found
    },
    findTold: names.find,
    checkBrought: (document) => readBrought(document).faults ?? [],
    async bring(document) {
      const { faults } = readBrought(document)
      if (faults) return faults
      if (names.find(fingerprint(document)) !== undefined) return []
      await keepBroughtPolicy(database, { document, now: clock() })
      await refresh()
      return []
    },
    page(before, limit) {
      const older = versions.filter(({ version }) => before === null || version < before)
      return older.slice(-limit).reverse().map(readable)
    },
    check: (update) => checkAt(update, clock()),
    async update(update) {
      const now = clock()
      const { checked, faults } = await checkAt(update, now)
      if (faults) return { faults }
      const { document, effectiveFrom } = checked
      const row = {
        effectiveFrom,
        document,
        createdBy: update.by.slice(0, 128),
        createdAt: now,
        note: update.note ?? null,
      }
      const version = await writeNext(database, row, {
        baseVersion: update.baseVersion ?? null,
        afterwards: async (connection, { before, version }) => {
          const { acting } = update
          if (acting) await record(connection, [auditPolicy(acting, { before, row, version })])
        },
      })
      if (version === undefined) return refuse('POLICY_CONFLICT', { field: 'baseVersion' })
      await refresh()
      return { updated: book.get(version) }
    },
  }
  // A server that cannot read what it has to decide by must not start.
  for (const it of versions) {
    if ('unread' in it && (it === versions.at(-1) || it.effectiveFrom >= clock())) readable(it)
  }
  book.at(clock())
  return book
}

/** A version that no longer fits this server's plugins; a fault only for who needs it. */
interface UnreadVersion extends PolicyRow {
  readonly unread: readonly DocumentFault[]
}

function readable(version: PolicyVersion | UnreadVersion): PolicyVersion {
  if ('unread' in version) throw new PolicyUnreadable(version.version, version.unread)
  return version
}

function faultsOfTerms(
  { effectiveFrom, note }: Pick<PolicyUpdate, 'effectiveFrom' | 'note'>,
  now: number,
): DocumentFault[] {
  const faults: DocumentFault[] = []
  if (effectiveFrom && effectiveFrom < now - MAX_PAST_MS) {
    faults.push({ path: 'effectiveFrom', message: 'A policy cannot begin in the past.' })
  }
  if (note && note.length > MAX_NOTE) {
    faults.push({ path: 'note', message: `Expected at most ${MAX_NOTE} characters.` })
  }
  return faults
}

/** Settings of a plugin that this server does not have stay in the store and do no harm here. */
function withoutOtherPlugins(document: unknown, plugins: PolicyPlugins): unknown {
  const { sources, channels, rules, notifiers, ...others } = document as Record<
    string,
    Record<string, unknown>
  >
  const only = (settings: Record<string, unknown> | undefined, list: readonly { id: string }[]) =>
    Object.fromEntries(
      Object.entries(settings ?? {}).filter(([id]) => list.some((plugin) => plugin.id === id)),
    )
  return {
    ...others,
    sources: only(sources, plugins.sources),
    channels: only(channels, plugins.channels),
    rules: only(rules, plugins.rules ?? []),
    notifiers: only(notifiers, plugins.notifiers ?? []),
  }
}

function firstRow(document: PolicyDocument, now: number): PolicyRow {
  return {
    version: 1,
    effectiveFrom: now,
    document,
    createdBy: 'pointwell',
    createdAt: now,
    note: null,
  }
}

async function writeFirst(database: ProgramDatabase, row: PolicyRow): Promise<void> {
  try {
    await database.write((manager) => insertPolicy(database.connection(manager), row))
  } catch (fault) {
    // Another server that started with this one was faster.
    if (!database.sql.isDuplicateKey(fault)) throw fault
  }
}

/** Writes the version after the newest; undefined when that is not the one it was made from. */
async function writeNext(
  database: ProgramDatabase,
  row: Omit<PolicyRow, 'version'>,
  {
    baseVersion,
    afterwards,
  }: {
    baseVersion: number | null
    afterwards: (
      connection: SqlConnection,
      written: { before: PolicyRow; version: number },
    ) => Promise<void>
  },
): Promise<number | undefined> {
  for (let race = 1; ; race++) {
    try {
      return await database.write(async (manager) => {
        const connection = database.connection(manager)
        const newest = await selectNewestVersion(connection)
        if (baseVersion !== null && baseVersion !== newest) return undefined
        const [before] = await selectPolicies(connection, { after: newest - 1 })
        await insertPolicy(connection, { ...row, version: newest + 1 })
        await afterwards(connection, { before: before!, version: newest + 1 })
        return newest + 1
      })
    } catch (fault) {
      if (!database.sql.isDuplicateKey(fault) || race === MOST_RACES) throw fault
    }
  }
}
