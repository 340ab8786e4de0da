import { createHash, randomBytes } from 'node:crypto'
import {
  isRefusal,
  type Ledger,
  type Refusal,
  refuse,
  SetAside,
  type SqlConnection,
} from '@pointwell/ledger'
import {
  type MemberNames,
  type Plugin,
  type PluginStore,
  type PluginWatch,
  runMemberChange,
  runNamedBy,
} from '@pointwell/plugin'
import type { Acting } from '../audit/acting.js'
import type { Audit } from '../audit/open-audit.js'
import type { ProgramDatabase } from '../database/program-database.js'
import { postOrOpen } from '../earning/open-earning.js'
import { checkIdempotencyKey } from '../input/idempotency-key.js'
import type { ReportFailure } from '../jobs/job.js'
import { idsOf } from '../member/member-facts.js'
import type { Member } from '../member/member-rows.js'
import type { Members } from '../member/open-members.js'
import { selectRunning } from '../merge/merge-rows.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { endedBy, eraseCommand } from './erase-command.js'
import { eraseTables, markErased } from './erase-tables.js'
import {
  changeErasure,
  claimErasure,
  deleteErasure,
  type Erasure,
  type ErasureSubject,
  insertErasure,
  selectDueErasures,
  selectErasure,
  selectErasureByKey,
  selectOpenErasures,
  selectWallets,
} from './erasure-rows.js'
import { findOpenBusiness } from './find-open-business.js'
import { type OtherWords, otherWords } from './other-words.js'
import { pseudonymOf } from './pseudonym-of.js'
import { othersRetelling, ownRetelling } from './retellings.js'

/** For so long nobody takes up what somebody is at; each step has as long again. */
const LEASE_MS = 120_000
/** Open ones that are looked through for a member who is being erased. */
const MOST_OPEN = 10_000

export interface ErasureRequest {
  /** The shop's own id. */
  readonly memberId: string
  /** The same key again of the same member is the same erasure. 1 to 100 characters. */
  readonly idempotencyKey: string
  /** The operator who has it done; null: the member itself asks. */
  readonly acting: Acting | null
}

/** Members who ask to be erased (M8). */
export interface Erasures {
  /**
   * Closes the wallet, and puts a pseudonym in place of everything that tells who it was; answers with how
   * far that has come, mostly all the way. What is not done yet a job does. Refuses INVALID_INPUT
   * (`idempotencyKey`), MEMBER_NOT_FOUND, ERASURE_BLOCKED (`detail` names what is under way).
   */
  erase(request: ErasureRequest): Promise<Erasure | Refusal>
  /** Goes on with those that nobody is at; answers with how many were looked at. One that fails is told of,
   * and passed over for a while. */
  takeUpDue(limit: number, report?: ReportFailure): Promise<number>
}

export function openErasures({
  database,
  ledger,
  policies,
  members,
  plugins,
  store,
  names,
  audit,
  watch,
  onFailure,
}: {
  database: ProgramDatabase
  ledger: Ledger
  policies: PolicyReads
  members: Pick<Members, 'find' | 'findIdentities'>
  plugins: readonly Plugin[]
  store: PluginStore
  names: MemberNames
  audit: Pick<Audit, 'record'>
  watch?: PluginWatch | undefined
  onFailure?: ReportFailure | undefined
}): Erasures {
  const { clock } = ledger
  const failing = new SetAside<number>()
  const keeping = plugins.filter((plugin) => plugin.members !== undefined)
  const tools = { store, names, ...(watch && { watch }) }
  const read = <T>(work: (connection: SqlConnection) => Promise<T>) =>
    database.read((manager) => work(database.connection(manager)))
  const write = <T>(work: (connection: SqlConnection) => Promise<T>) =>
    database.write((manager) => work(database.connection(manager)))
  const get = async (id: number) => read((connection) => selectErasure(connection, id))

  const findKnown = async ({ memberId, idempotencyKey }: ErasureRequest) => {
    const key = requestKey(memberId, idempotencyKey)
    const same = await read((connection) => selectErasureByKey(connection, key))
    return same ?? findRunning(memberId)
  }

  const findRunning = async (memberId: string) => {
    const open = await read((connection) => selectOpenErasures(connection, MOST_OPEN))
    return open.find(({ subject }) => subject?.ids.includes(memberId))
  }

  const begin = async (
    member: Member,
    { idempotencyKey, acting }: ErasureRequest,
  ): Promise<Erasure | Refusal> => {
    const blocked = await checkBlocked(member.wallet)
    if (blocked) return blocked
    const identities = (await members.findIdentities([member.wallet])).get(member.wallet) ?? []
    const subject: ErasureSubject = {
      ids: idsOf(member),
      wallets: [member.wallet, ...(member.formerly ?? []).map(({ wallet }) => wallet)],
      identities,
      namedBy: [],
    }
    const pseudonym = newPseudonym()
    const { text } = otherWords(subject, pseudonym)
    const erasure = {
      wallet: member.wallet,
      pseudonym,
      requestKey: requestKey(member.id, idempotencyKey),
      subject,
      acting: acting && { ...acting, reason: acting.reason && text(acting.reason).slice(0, 500) },
      askedAt: clock(),
      claimedUntil: 0,
    }
    try {
      await write((connection) => insertErasure(connection, erasure))
    } catch (fault) {
      // Somebody asked for the same at the same moment.
      if (!database.sql.isDuplicateKey(fault)) throw fault
    }
    const begun = await findRunning(member.id)
    return begun ?? refuse('MEMBER_NOT_FOUND', { field: 'memberId' })
  }

  const checkBlocked = async (wallet: number): Promise<Refusal | null> => {
    const open = await findOpenBusiness(ledger.store, wallet)
    const merge = await read((connection) => selectRunning(connection, [wallet]))
    if (merge) open.push(`The merge ${merge.id} is not finished.`)
    if (open.length === 0) return null
    return refuse('ERASURE_BLOCKED', { field: 'memberId', detail: open.join(' ') })
  }

  /** The wallet is closed, and from then on there is no such member. */
  const end = async (erasure: Erasure): Promise<Refusal | null> => {
    const blocked = await checkBlocked(erasure.wallet)
    const posted = blocked ?? (await postOrOpen(ledger, eraseCommand(erasure, policies)))
    if (isRefusal(posted)) {
      await write((connection) => deleteErasure(connection, erasure.id))
      return posted
    }
    const ended = endedBy(posted.transaction.result)
    const now = clock()
    await write(async (connection) => {
      await markErased(connection, erasure.subject!, now)
      await changeErasure(connection, erasure.id, { state: 'ended', ...ended })
      const { acting, pseudonym, wallet, id } = erasure
      if (!acting) return
      await audit.record(connection, [
        {
          ...acting,
          at: now,
          act: 'eraseMember',
          target: { kind: 'member', id: String(wallet) },
          before: null,
          after: { pseudonym, ...ended },
          key: `erasure:${id}`,
        },
      ])
    })
    return null
  }

  /** Before any plugin changes what it would tell it by. */
  const findNaming = async ({ id, subject }: Erasure): Promise<void> => {
    const told = await Promise.all(
      keeping.flatMap((plugin) => subject!.ids.map((id) => runNamedBy(plugin, id, tools))),
    )
    const ids = [...new Set(told.flat())]
    const namedBy = await read((connection) => selectWallets(connection, ids))
    const change = { state: 'named', subject: { ...subject!, namedBy } } as const
    await write((connection) => changeErasure(connection, id, change))
  }

  const finish = async (erasure: Erasure, words: OtherWords): Promise<void> => {
    const { pseudonym } = erasure
    const subject = erasure.subject!
    for (const plugin of keeping) {
      for (const [place, memberId] of subject.ids.entries()) {
        const change = { memberId, pseudonym: pseudonymOf(pseudonym, place) }
        await runMemberChange(plugin, 'erased', change, tools)
      }
    }
    for (const own of subject.wallets) await ledger.retell(own, ownRetelling(words, pseudonym))
    for (const other of subject.namedBy) await ledger.retell(other, othersRetelling(words))
    const now = clock()
    await write(async (connection) => {
      await eraseTables(connection, pseudonym, { subject, words, now })
      await changeErasure(connection, erasure.id, { state: 'done', subject: null, doneAt: now })
    })
  }

  /** Goes on from wherever it was left. Each step may be done again; where one fails, all before it stay. */
  const goOn = async (id: number): Promise<Refusal | null> => {
    for (;;) {
      const erasure = await get(id)
      if (!erasure || erasure.state === 'done' || !erasure.subject) return null
      const claimedUntil = clock() + LEASE_MS
      await write((connection) => changeErasure(connection, id, { claimedUntil }))
      if (erasure.state === 'asked') {
        const refused = await end(erasure)
        if (refused) return refused
      } else if (erasure.state === 'ended') await findNaming(erasure)
      else await finish(erasure, otherWords(erasure.subject, erasure.pseudonym))
    }
  }

  /** Undefined: somebody else is at it. */
  const drive = async (id: number): Promise<Refusal | null | undefined> => {
    const now = clock()
    const claim = { id, now, until: now + LEASE_MS }
    if (!(await write((connection) => claimErasure(connection, claim)))) return undefined
    try {
      return await goOn(id)
    } finally {
      await write((connection) => changeErasure(connection, id, { claimedUntil: 0 }))
    }
  }

  return {
    async erase(request) {
      const wrong = checkIdempotencyKey(request.idempotencyKey)
      if (wrong) return wrong
      let erasure: Erasure | Refusal | undefined = await findKnown(request)
      if (!erasure) {
        const member = await members.find(request.memberId)
        if (!member) return refuse('MEMBER_NOT_FOUND', { field: 'memberId' })
        erasure = await begin(member, request)
        if (isRefusal(erasure)) return erasure
      }
      try {
        const refused = await drive(erasure.id)
        if (refused) return refused
      } catch (fault) {
        // The job goes on with it: nothing of what was done is lost.
        onFailure?.(`erasure ${erasure.id}`, fault)
      }
      return (await get(erasure.id)) ?? refuse('MEMBER_NOT_FOUND', { field: 'memberId' })
    },

    async takeUpDue(limit, tell) {
      const now = clock()
      const most = limit + failing.count(now)
      const found = await read((connection) => selectDueErasures(connection, { now, limit: most }))
      const due = failing.rest(found, now).slice(0, limit)
      for (const id of due) {
        try {
          await drive(id)
        } catch (fault) {
          failing.add(id, clock())
          tell?.(`erasure ${id}`, fault)
        }
      }
      return due.length
    },
  }
}

/** Tells neither whose it is nor the key: who knows both finds it again. */
function requestKey(memberId: string, idempotencyKey: string): string {
  return createHash('sha256').update(`${memberId}\n${idempotencyKey}`).digest('hex')
}

/** Drawn, and made of nothing: nobody can recount whom it stands for. */
function newPseudonym(): string {
  return `erased-${randomBytes(12).toString('hex')}`
}
