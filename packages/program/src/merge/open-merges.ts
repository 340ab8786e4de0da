import { createHash } from 'node:crypto'
import {
  isRefusal,
  type Ledger,
  type Refusal,
  refuse,
  SetAside,
  type SqlConnection,
} from '@pointwell/ledger'
import {
  checkReason,
  type MemberNames,
  type Plugin,
  type PluginStore,
  type PluginWatch,
  runMemberChange,
} from '@pointwell/plugin'
import type { Acting } from '../audit/acting.js'
import type { Audit } from '../audit/open-audit.js'
import type { ProgramDatabase } from '../database/program-database.js'
import { checkIdempotencyKey } from '../input/idempotency-key.js'
import type { ReportFailure } from '../jobs/job.js'
import { type Member, selectIdentities, selectMembers } from '../member/member-rows.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { newId } from '../redemption/new-id.js'
import type { Reviews } from '../review/open-reviews.js'
import { checkBalances, checkLinked, checkNames, type MergeNames } from './check-merge.js'
import { mergeCommand } from './merge-command.js'
import {
  finishMerge,
  insertMerge,
  type MemberMerge,
  type NewMerge,
  putOffMerge,
  selectDueMerges,
  selectMerge,
  selectMergePage,
  selectMergesOf,
  selectRunning,
} from './merge-rows.js'
import { moveRows } from './move-rows.js'

/** For so long nobody takes up a merge that a request is driving. */
const LEASE_MS = 30_000
/** One that failed is tried again after so long. */
const AGAIN_MS = 60_000

export interface MergeRequest extends MergeNames {
  readonly reason: string
  /** The same key again is the same merge. 1 to 100 characters. */
  readonly idempotencyKey: string
  /** The login of who asks. */
  readonly by: string
}

/** Two members found to be one person become one (M8). */
export interface Merges {
  /**
   * Merges, and answers with the merge as it is by then: normally finished. Refuses INVALID_INPUT,
   * IDEMPOTENCY_MISMATCH, what `checkNames` does, MERGE_RUNNING (one of the two is in a merge that is not
   * finished yet), IDENTITY_LIMIT, BALANCE_TOO_LARGE. Nothing is written where it refuses.
   */
  merge(request: MergeRequest, acting?: Acting | null): Promise<MemberMerge | Refusal>
  find(id: string): Promise<MemberMerge | undefined>
  /** The newest first, before the one with the id `before`. */
  page(request: { before: string | null; limit: number }): Promise<readonly MemberMerge[]>
  /** By the wallets that ended, in one statement. */
  findOf(wallets: readonly number[]): Promise<ReadonlyMap<number, MemberMerge>>
  /** Completes what a dead server left; answers with how many were looked at. One that fails is told of,
   * and passed over for a while. */
  takeUpDue(limit: number, report?: ReportFailure): Promise<number>
}

export function openMerges({
  database,
  ledger,
  policies,
  plugins,
  store,
  reviews,
  names,
  record,
  watch,
}: {
  database: ProgramDatabase
  ledger: Ledger
  policies: PolicyReads
  plugins: readonly Plugin[]
  store: PluginStore
  reviews: Pick<Reviews, 'rescore'>
  names: MemberNames
  record: Audit['record']
  watch?: PluginWatch | undefined
}): Merges {
  const failing = new SetAside<string>()
  const sources = plugins.filter((plugin) => plugin.kind === 'earn-source')
  const tools = { store, names, ...(watch && { watch }) }
  const read = <T>(work: (connection: SqlConnection) => Promise<T>) =>
    database.read((manager) => work(database.connection(manager)))
  const write = <T>(work: (connection: SqlConnection) => Promise<T>) =>
    database.write((manager) => work(database.connection(manager)))

  const getMerge = async (id: string): Promise<MemberMerge> => {
    const merge = await read((connection) => selectMerge(connection, { id }))
    if (!merge) throw new Error(`the merge ${id} is gone`)
    return merge
  }

  /** Both rows locked, in one order, so that of two merges that want the same member one waits. */
  const lockBoth = (connection: SqlConnection, { from, into }: MergeNames) =>
    selectMembers(connection, [from, into].sort(), { lock: true })

  const begin = async (
    request: MergeRequest,
    acting: Acting | null,
  ): Promise<MemberMerge | Refusal> => {
    const now = ledger.clock()
    const requestKey = nameOf(request.idempotencyKey)
    return write(async (connection) => {
      const found = await lockBoth(connection, request)
      const known = await selectMerge(connection, { requestKey })
      if (known) return sameOrMismatch(known, request)
      const both = checkNames(request, found)
      if (isRefusal(both)) return both
      const wallets = [both.from.wallet, both.into.wallet]
      if (await selectRunning(connection, wallets)) return refuse('MERGE_RUNNING')
      const linked = await selectIdentities(connection, wallets)
      const { identities } = policies.at(now).document
      const refused =
        checkLinked([...linked.values()].flat(), identities) ??
        checkBalances(await ledger.store.findWallets(wallets))
      if (refused) return refused
      const merge: NewMerge = {
        id: newId(now),
        requestKey,
        from: { wallet: both.from.wallet, id: both.from.id },
        into: { wallet: both.into.wallet, id: both.into.id },
        reason: request.reason,
        requestedBy: request.by,
        requestedAt: now,
        nextTryAt: now + LEASE_MS,
      }
      await insertMerge(connection, merge)
      if (acting) await record(connection, [audited(merge, { acting, now })])
      return { ...merge, finishedAt: null }
    })
  }

  /** What follows the first step, each as often as need be. */
  const complete = async (merge: MemberMerge): Promise<MemberMerge> => {
    const { id } = merge
    const [gone, stays] = [merge.from.id, merge.into.id]
    await ledger.openWallets([merge.from.wallet, merge.into.wallet])
    const members = await read((connection) => selectMembers(connection, [gone, stays]))
    const before = both(merge, members)
    if (before) {
      const posted = await ledger.merge(
        mergeCommand({ id, ...before }, { policies, sources, watch }),
      )
      if (isRefusal(posted)) throw new Error(`a merge was not booked: ${posted.code}`)
      await write(async (connection) => {
        const now = ledger.clock()
        const locked = both(merge, await lockBoth(connection, { from: gone, into: stays }))
        const policy = policies.at(now).document.identities
        if (locked) await moveRows(connection, { ...locked, policy, now })
      })
    }
    for (const plugin of plugins) {
      await runMemberChange(plugin, 'merged', { from: gone, into: stays }, tools)
    }
    const after = (await read((connection) => selectMembers(connection, [stays]))).get(stays)
    if (after) await reviews.rescore(after)
    await write((connection) => finishMerge(connection, { id, at: ledger.clock() }))
    return getMerge(id)
  }

  return {
    async merge(request, acting = null) {
      const wrong = checkIdempotencyKey(request.idempotencyKey) ?? checkReason(request.reason)
      if (wrong) return wrong
      const begun = await beginOnce(request, acting)
      if (isRefusal(begun) || begun.finishedAt !== null) return begun
      return complete(begun)
    },
    find: (id) => read((connection) => selectMerge(connection, { id })),
    page: (request) => read((connection) => selectMergePage(connection, request)),
    findOf: (wallets) => read((connection) => selectMergesOf(connection, wallets)),
    async takeUpDue(limit, tell) {
      const now = ledger.clock()
      const most = limit + failing.count(now)
      const found = await read((connection) => selectDueMerges(connection, { now, limit: most }))
      const rest = new Set(
        failing.rest(
          found.map(({ id }) => id),
          now,
        ),
      )
      const due = found.filter(({ id }) => rest.has(id)).slice(0, limit)
      for (const merge of due) {
        try {
          await complete(merge)
        } catch (fault) {
          failing.add(merge.id, ledger.clock())
          const until = ledger.clock() + AGAIN_MS
          await write((connection) => putOffMerge(connection, { id: merge.id, until }))
          tell?.(`merge ${merge.id}`, fault)
        }
      }
      return due.length
    },
  }

  /** Of two servers that write the same request one finds that it is there. */
  async function beginOnce(request: MergeRequest, acting: Acting | null) {
    try {
      return await begin(request, acting)
    } catch (fault) {
      if (!database.sql.isDuplicateKey(fault)) throw fault
      return begin(request, acting)
    }
  }
}

/** The two as they are to be merged; undefined: their rows are one already. */
function both(
  { from, into }: MemberMerge,
  members: ReadonlyMap<string, Member>,
): { from: Member; into: Member } | undefined {
  const [gone, stays] = [members.get(from.id), members.get(into.id)]
  if (!gone || !stays) throw new Error(`a member of the merge of ${from.wallet} is gone`)
  return gone.wallet === from.wallet ? { from: gone, into: stays } : undefined
}

function sameOrMismatch(known: MemberMerge, asked: MergeRequest): MemberMerge | Refusal {
  const said = { from: known.from.id, into: known.into.id, reason: known.reason }
  for (const field of ['from', 'into', 'reason'] as const) {
    if (said[field] !== asked[field]) return refuse('IDEMPOTENCY_MISMATCH', { field })
  }
  return known
}

/** Databases differ in what texts they take for the same. */
function nameOf(idempotencyKey: string): string {
  return createHash('sha256').update(idempotencyKey).digest('base64url')
}

/** A member goes by the number of its wallet. */
function audited(merge: NewMerge, { acting, now }: { acting: Acting; now: number }) {
  return {
    ...acting,
    reason: merge.reason,
    at: now,
    act: 'mergeMembers',
    target: { kind: 'member', id: String(merge.into.wallet) },
    before: null,
    after: { merge: merge.id, merged: merge.from.wallet },
    key: `merge:${merge.id}`,
  }
}
