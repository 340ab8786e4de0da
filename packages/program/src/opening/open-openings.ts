import { isRefusal, type Ledger, type Posted, type Refusal, refuse } from '@pointwell/ledger'
import type { EarnSource } from '@pointwell/plugin'
import { postOrOpen } from '../earning/open-earning.js'
import { type Parsed, parseInput } from '../input/parse-input.js'
import { tierAt } from '../member/member-facts.js'
import type { RegisterMember } from '../member/member-input.js'
import type { Members } from '../member/open-members.js'
import { checkNewMember } from '../member/register-members.js'
import { readMemo } from '../memo/programme-memo.js'
import type { PolicyBook } from '../policy/open-policy-book.js'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import { memoOf } from './member-memo.js'
import { type OrderOpenings, openOrderOpenings } from './open-order-openings.js'
import {
  type BroughtMember,
  hasOpening,
  openingBalanceCommand,
  openingMemberCommand,
} from './opening-commands.js'
import {
  type OpeningBalance,
  type OpeningMember,
  openingBalanceSchema,
  openingMemberSchema,
} from './opening-input.js'
import { ON_HOLD, refuseLine } from './refuse-line.js'

/** How what is not as it is here shall be taken. */
export interface OpeningTerms {
  /** Orders that wait for a call confirm by themselves then, epoch milliseconds: here nobody knows the
   * order to call about. Null: they are refused. */
  readonly pendingUntil: number | null
  /** Orders are brought, too: what waits for a call about one may go on waiting. */
  readonly ordersCome: boolean
  /** What happened until then, epoch milliseconds, was counted elsewhere, and earns nothing here: of
   * what was sent there nothing is known here, so it would earn twice. Null: everything earns. */
  readonly countedUntil: number | null
  /** Points on hold are available: here nobody knows the redemption. False: they are refused. */
  readonly releaseHeld: boolean
}

/** A member as it will be. */
export interface ReadMember extends BroughtMember {
  /** The tier it has by the policy in force now. */
  readonly tier: string
}

export interface Brought {
  readonly refused?: undefined
  /** False: it was here before, the very same. */
  readonly isNew: boolean
}

/** Members, balances and orders that were kept elsewhere (O3). Lists are answered in order, each with its own. */
export interface Openings extends OrderOpenings {
  /** Checks a line by itself: INVALID_INPUT, EVENT_IN_FUTURE, IDENTITY_LIMIT, MEMBERSHIP_OFF. */
  readMember(line: unknown, terms: OpeningTerms): Parsed<ReadMember> | Refusal
  /** The same: INVALID_INPUT. */
  readBalance(line: unknown, terms: OpeningTerms): Parsed<OpeningBalance> | Refusal
  /** What `bringMembers` would refuse now; writes nothing. */
  checkMembers(members: readonly ReadMember[]): Promise<(Refusal | null)[]>
  /** The same of balances; `isComing`: a member that is not here yet, but will be. */
  checkBalances(
    balances: readonly OpeningBalance[],
    isComing: (id: string) => boolean,
  ): Promise<(Refusal | null)[]>
  /** Registers members, with what is known of them. Again does nothing. Refuses MEMBER_EXISTS (`field`),
   * IDENTITY_TAKEN, IDEMPOTENCY_MISMATCH. */
  bringMembers(members: readonly ReadMember[]): Promise<(Brought | Refusal)[]>
  /** Posts balances, once a wallet. Again does nothing. Refuses MEMBER_NOT_FOUND, BALANCE_TOO_LARGE,
   * IDEMPOTENCY_MISMATCH (`field`). */
  bringBalances(balances: readonly OpeningBalance[]): Promise<(Brought | Refusal)[]>
}

export function openOpenings({
  ledger,
  policies,
  members,
  sources,
}: {
  ledger: Ledger
  policies: PolicyBook
  members: Pick<Members, 'registerMany' | 'checkMany' | 'findMany' | 'page'>
  sources: readonly EarnSource[]
}): Openings {
  const inForce = () => policies.at(ledger.clock())

  const walletsOf = async (ids: readonly string[]) => {
    const found = await members.findMany(ids)
    const numbers = [...found.values()].map(({ wallet }) => wallet)
    const wallets = await ledger.store.findWallets(numbers)
    const byNumber = new Map(wallets.map((wallet) => [wallet.id, wallet]))
    return new Map(
      [...found].map(([id, { wallet }]) => [id, { number: wallet, wallet: byNumber.get(wallet) }]),
    )
  }

  const bringMembers: Openings['bringMembers'] = async (list) => {
    const registered = await members.registerMany(list.map(({ line }) => registrationOf(line)))
    const wallets = await walletsOf(list.map(({ line }) => line.id))
    return Promise.all(
      registered.map(async (it, place): Promise<Brought | Refusal> => {
        if (isRefusal(it)) return it
        const { line } = list[place]!
        const { wallet } = wallets.get(line.id) ?? {}
        if (!hasOpening(wallet ?? { lock: null }, list[place]!)) return { isNew: it.created }
        const posted = await postOrOpen(
          ledger,
          openingMemberCommand(it.member.wallet, list[place]!, policies),
        )
        return isRefusal(posted) ? posted : { isNew: it.created || !posted.replayed }
      }),
    )
  }

  return {
    ...openOrderOpenings({ ledger, policies, members, sources }),

    readMember: (line, terms) =>
      readMember(line, { terms, policy: inForce(), now: ledger.clock() }),
    readBalance: (line, terms) => readBalance(line, { terms, policy: inForce() }),

    async checkMembers(list) {
      const verdicts = await members.checkMany(list.map(({ line }) => registrationOf(line)))
      const wallets = await walletsOf(list.map(({ line }) => line.id))
      return Promise.all(
        verdicts.map(async (verdict, place) => {
          const { line } = list[place]!
          const known = wallets.get(line.id)
          if (verdict || !known?.wallet || !hasOpening(known.wallet, list[place]!)) return verdict
          return refusalOf(
            await ledger.preview(openingMemberCommand(known.number, list[place]!, policies)),
          )
        }),
      )
    },

    async checkBalances(list, isComing) {
      const wallets = await walletsOf(list.map(({ member }) => member))
      return Promise.all(
        list.map(async (balance) => {
          const known = wallets.get(balance.member)
          if (!known) return isComing(balance.member) ? null : NO_MEMBER
          return refusalOf(
            await ledger.preview(openingBalanceCommand(known.number, balance, policies)),
          )
        }),
      )
    },

    bringMembers,

    async bringBalances(list) {
      const found = await members.findMany(list.map(({ member }) => member))
      return Promise.all(
        list.map(async (balance): Promise<Brought | Refusal> => {
          const member = found.get(balance.member)
          if (!member) return NO_MEMBER
          const posted = await postOrOpen(
            ledger,
            openingBalanceCommand(member.wallet, balance, policies),
          )
          return isRefusal(posted) ? posted : { isNew: !posted.replayed }
        }),
      )
    },
  }
}

const NO_MEMBER = refuse('MEMBER_NOT_FOUND', { field: 'member' })

function refusalOf(answer: Posted | Refusal): Refusal | null {
  return isRefusal(answer) ? answer : null
}

function registrationOf(line: OpeningMember): RegisterMember {
  const { id, joinedAt, birthday, region, staff, consent, identities, formerIds } = line
  return { id, joinedAt, birthday, region, staff, consent, identities, formerIds }
}

function readMember(
  input: unknown,
  { terms, policy, now }: { terms: OpeningTerms; policy: PolicyInForce; now: number },
): Parsed<ReadMember> | Refusal {
  const parsed = parseInput(openingMemberSchema, input)
  if (isRefusal(parsed)) return parsed
  const { document } = policy
  const line = confirmedBy(parsed.value, terms.pendingUntil)
  const wrong = checkNewMember(registrationOf(line), { policy: document, now })
  if (isRefusal(wrong)) return wrong
  const stuck = Object.entries(line.waitingSpend ?? {}).find(([, it]) => it.confirmAt === null)
  if (stuck && !terms.ordersCome)
    return refuseLine(`waitingSpend.${stuck[0]}.confirmAt`, WAITS_FOR_A_CALL)
  if (line.membershipUntil && !document.membership.enabled) {
    return refuse('MEMBERSHIP_OFF', { field: 'membershipUntil' })
  }
  const tiers = document.tiers.levels.map(({ id }) => id)
  const floor = (line.tierFloors ?? []).findIndex(({ tier }) => !tiers.includes(tier))
  if (floor >= 0) return refuseLine(`tierFloors.${floor}.tier`, 'The policy has no such tier.')
  const { countedUntil } = terms
  const { id: tier } = tierAt(readMemo(memoOf(line, countedUntil)), { policy, at: now })
  return { value: { line, countedUntil, tier } }
}

function readBalance(
  input: unknown,
  { terms, policy }: { terms: OpeningTerms; policy: PolicyInForce },
): Parsed<OpeningBalance> | Refusal {
  const parsed = parseInput(openingBalanceSchema, input)
  if (isRefusal(parsed)) return parsed
  const lots = parsed.value.lots.map((lot) =>
    lot.pending > 0 ? { ...lot, confirmAt: lot.confirmAt ?? terms.pendingUntil } : lot,
  )
  for (const [place, { kind, held, pending, confirmAt }] of lots.entries()) {
    const field = (name: string) => `lots.${place}.${name}`
    if (!Object.hasOwn(policy.document.kinds, kind)) {
      return refuseLine(field('kind'), `The policy has no kind ${kind}.`)
    }
    if (held > 0 && !terms.releaseHeld) return refuseLine(field('held'), ON_HOLD)
    if (pending > 0 && confirmAt === null && !terms.ordersCome) {
      return refuseLine(field('confirmAt'), WAITS_FOR_A_CALL)
    }
  }
  return { value: { ...parsed.value, lots } }
}

const WAITS_FOR_A_CALL =
  'This waits until somebody confirms an order that is unknown here: say when it confirms by itself.'

/** What waits for a call confirms by itself at a moment; also what badges and segments go by. */
function confirmedBy(line: OpeningMember, until: number | null): OpeningMember {
  if (until === null) return line
  const { waitingSpend, memory } = line
  const confirm = <T extends { readonly confirmAt: number | null }>(waiting: Record<string, T>) =>
    Object.fromEntries(
      Object.entries(waiting).map(([name, it]) => [
        name,
        { ...it, confirmAt: it.confirmAt ?? until },
      ]),
    )
  return {
    ...line,
    ...(waitingSpend && { waitingSpend: confirm(waitingSpend) }),
    ...(memory?.deeds?.waiting && {
      memory: {
        ...memory,
        deeds: { ...memory.deeds, waiting: confirm(memory.deeds.waiting) },
      },
    }),
  }
}
