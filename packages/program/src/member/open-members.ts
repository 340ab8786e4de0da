import { groupReads, isRefusal, type Ledger, type Refusal } from '@pointwell/ledger'
import type { Acting } from '../audit/acting.js'
import type { Audit } from '../audit/open-audit.js'
import type { ProgramDatabase } from '../database/program-database.js'
import { reviewOwn } from '../identity-case/review-identities.js'
import { firstTermCommand } from '../membership/membership-commands.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { auditRegistered, auditUpdated } from './audit-member.js'
import { walletsOf } from './member-facts.js'
import type { RegisterMember, UpdateMember } from './member-input.js'
import {
  type Identity,
  type Member,
  selectIdentities,
  selectMemberPage,
  selectMembers,
  selectMembersByWallet,
} from './member-rows.js'
import {
  checkNewMember,
  judgeNewMembers,
  type Registered,
  registerInTransaction,
} from './register-members.js'
import { checkMemberChange, updateInTransaction } from './update-member.js'

export interface Members {
  /** Registers one; the same content again answers with the same member. Refuses INVALID_INPUT,
   * EVENT_IN_FUTURE, IDENTITY_LIMIT, IDENTITY_TAKEN, MEMBER_EXISTS. */
  register(input: RegisterMember, acting?: Acting | null): Promise<Registered | Refusal>
  /** Each with its own result, in order. */
  registerMany(
    inputs: readonly RegisterMember[],
    acting?: Acting | null,
  ): Promise<(Registered | Refusal)[]>
  /** What `registerMany` would refuse of each now, null: nothing. Writes nothing. */
  checkMany(inputs: readonly RegisterMember[]): Promise<(Refusal | null)[]>
  /** Refuses INVALID_INPUT, MEMBER_NOT_FOUND, IDENTITY_LIMIT, IDENTITY_TAKEN. */
  update(input: UpdateMember, acting?: Acting | null): Promise<Member | Refusal>
  /** By the shop's own id, also by that of a member that was merged into it. */
  find(id: string): Promise<Member | undefined>
  /** By the ids as they are given. */
  findMany(ids: readonly string[]): Promise<ReadonlyMap<string, Member>>
  /** By the ledger's numbers of their wallets, also of wallets that were merged into theirs, as they are
   * given; in one statement. */
  findByWallets(wallets: readonly number[]): Promise<ReadonlyMap<number, Member>>
  findIdentities(wallets: readonly number[]): Promise<ReadonlyMap<number, readonly Identity[]>>
  page(after: number, limit: number): Promise<readonly Member[]>
}

/** How often a registration that lost a race begins anew. */
const MOST_RACES = 5

export function openMembers({
  database,
  ledger,
  policies,
  record,
}: {
  database: ProgramDatabase
  ledger: Ledger
  policies: PolicyReads
  record: Audit['record']
}): Members {
  const read = <T>(work: (connection: ReturnType<typeof database.connection>) => Promise<T>) =>
    database.read((manager) => work(database.connection(manager)))

  // What decisions use of a member is read anew for each request, so that no server decides on what
  // another one has changed; requests side by side share one statement.
  const fresh = groupReads<string, Member | undefined>(async (ids) => {
    const found = await read((connection) => selectMembers(connection, ids))
    return (id) => found.get(id)
  })

  const findMany = async (ids: readonly string[]): Promise<ReadonlyMap<string, Member>> => {
    const found = await Promise.all(ids.map(async (id) => [id, await fresh(id)] as const))
    return new Map(found.flatMap(([id, member]) => (member ? [[id, member] as const] : [])))
  }

  const write = async <T>(
    work: (connection: ReturnType<typeof database.connection>) => Promise<T>,
  ): Promise<T> => {
    for (let race = 1; ; race++) {
      try {
        return await database.write((manager) => work(database.connection(manager)))
      } catch (fault) {
        // Somebody else wrote the same member or identity first: look again.
        if (!database.sql.isDuplicateKey(fault) || race === MOST_RACES) throw fault
      }
    }
  }

  /** Also of those that were registered before: a server may have died before it got here. Who has done
   * anything since is refused, and keeps what it has. */
  const startTerms = async (wallets: readonly number[]): Promise<void> => {
    const commands = [...new Set(wallets)].map((wallet) => firstTermCommand(wallet, policies))
    await Promise.all(commands.map((command) => ledger.post(command)))
  }

  const registerMany = async (
    inputs: readonly RegisterMember[],
    acting: Acting | null = null,
  ): Promise<(Registered | Refusal)[]> => {
    const now = ledger.clock()
    const policy = policies.at(now).document
    const checked = inputs.map((input) => checkNewMember(input, { policy, now }))
    const right = checked.flatMap((it) => (isRefusal(it) ? [] : [it.value]))
    const written =
      right.length === 0
        ? []
        : await write(async (connection) => {
            const registered = await registerInTransaction(connection, right, now)
            for (const [place, it] of registered.entries()) {
              const { identities } = right[place]!
              if (isRefusal(it) || !it.created || !identities) continue
              const terms = { identities, policy: policy.identities, now }
              await reviewOwn(connection, { member: it.member, ...terms })
            }
            if (acting)
              await record(connection, auditRegistered(registered, right, { acting, now }))
            return registered
          })
    // All of them, not only the new ones: a server may have died right here before.
    const wallets = written.flatMap((it) => (isRefusal(it) ? [] : [it.member.wallet]))
    const all = written.flatMap((it) => (isRefusal(it) ? [] : walletsOf(it.member)))
    if (all.length > 0) await ledger.openWallets([...new Set(all)])
    if (policy.membership.enabled) await startTerms(wallets)
    let next = 0
    return checked.map((it) => (isRefusal(it) ? it : written[next++]!))
  }

  const checkMany = async (inputs: readonly RegisterMember[]): Promise<(Refusal | null)[]> => {
    const now = ledger.clock()
    const policy = policies.at(now).document
    const checked = inputs.map((input) => checkNewMember(input, { policy, now }))
    const right = checked.flatMap((it) => (isRefusal(it) ? [] : [it.value]))
    const { verdicts } = await read((connection) => judgeNewMembers(connection, right))
    let next = 0
    return checked.map((it) => (isRefusal(it) ? it : verdicts[next++]!))
  }

  return {
    registerMany,
    checkMany,
    register: async (input, acting) => (await registerMany([input], acting))[0]!,
    async update(input, acting) {
      const at = ledger.clock()
      const checked = checkMemberChange(input, policies.at(at).document)
      if (isRefusal(checked)) return checked
      return write(async (connection) => {
        const changed = await updateInTransaction(connection, checked.value)
        if (isRefusal(changed)) return changed
        const { identities } = checked.value
        if (identities !== undefined) {
          const { after: member } = changed
          const policy = policies.at(at).document.identities
          await reviewOwn(connection, { member, identities: identities ?? [], policy, now: at })
        }
        if (acting) await record(connection, [auditUpdated(changed, { acting, now: at })])
        return changed.after
      })
    },
    find: (id) => fresh(id),
    findMany,
    findByWallets: (wallets) =>
      read((connection) => selectMembersByWallet(connection, [...new Set(wallets)])),
    findIdentities: (wallets) =>
      read((connection) => selectIdentities(connection, [...new Set(wallets)])),
    page: (after, limit) => read((connection) => selectMemberPage(connection, { after, limit })),
  }
}
