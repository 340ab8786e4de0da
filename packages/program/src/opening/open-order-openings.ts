import { type Command, isRefusal, type Ledger, type Refusal, refuse } from '@pointwell/ledger'
import type { EarnSource } from '@pointwell/plugin'
import { postOrOpen } from '../earning/open-earning.js'
import { type Parsed, parseInput } from '../input/parse-input.js'
import type { Member } from '../member/member-rows.js'
import type { Members } from '../member/open-members.js'
import { readMemo } from '../memo/programme-memo.js'
import type { PolicyBook } from '../policy/open-policy-book.js'
import { fingerprint } from './fingerprints.js'
import type { Brought, OpeningTerms } from './open-openings.js'
import {
  isSameLine,
  openingEarnedCommands,
  openingPaymentCommands,
  ordersAreHereCommand,
} from './opening-order-commands.js'
import {
  type OpeningEarned,
  type OpeningOrder,
  type OpeningPayment,
  openingEarnedSchema,
  openingPaymentSchema,
  openingPolicySchema,
} from './opening-order-input.js'
import { ON_HOLD, refuseLine } from './refuse-line.js'

/** What is kept of orders elsewhere (O3), so that a return goes on as it would have there. */
export interface OrderOpenings {
  /** Checks a line by itself: INVALID_INPUT. `policies`: those in lines before it. */
  readOrder(
    line: unknown,
    terms: OpeningTerms,
    policies: ReadonlySet<string>,
  ): Parsed<OpeningOrder> | Refusal
  /** What `bringOrders` would refuse now; writes nothing. `isComing`: a member that is not here yet, but
   * will be. */
  checkOrders(
    orders: readonly OpeningOrder[],
    isComing: (id: string) => boolean,
  ): Promise<(Refusal | null)[]>
  /** Keeps them, each once; the balances of their members are here. Refuses MEMBER_NOT_FOUND,
   * LOT_NOT_FOUND, IDEMPOTENCY_MISMATCH. */
  bringOrders(orders: readonly OpeningOrder[]): Promise<(Brought | Refusal)[]>
  /** All orders are here: members who were brought with this moment earn for what happened before it, too,
   * for it would be known again. Answers with how many. */
  ordersAreHere(countedUntil: number): Promise<number>
}

/** So many members are looked at. */
const PAGE = 500

export function openOrderOpenings({
  ledger,
  policies,
  members,
  sources: list,
}: {
  ledger: Ledger
  policies: PolicyBook
  members: Pick<Members, 'findMany' | 'page'>
  sources: readonly EarnSource[]
}): OrderOpenings {
  const sources = new Map(list.map((source) => [source.id, source]))

  const commandsFor = (
    line: OpeningEarned | OpeningPayment,
    member: Member,
  ): readonly Command[] | Refusal => {
    const formerly = new Map(member.formerly?.map(({ id, wallet }) => [id, wallet]))
    const owner = { id: member.id, wallet: member.wallet, formerly }
    if ('payment' in line) return openingPaymentCommands(line, { owner, now: ledger.clock() })
    const source = sources.get(line.source)!
    const policyVersion = policies.findTold(line.policy)
    if (policyVersion === undefined) return refuseLine('policy', NO_POLICY)
    return openingEarnedCommands(line, { owner, source, policyVersion })
  }

  const bringLine = async (
    line: OpeningEarned | OpeningPayment,
    member: Member | undefined,
  ): Promise<Brought | Refusal> => {
    if (!member) return NO_MEMBER
    const commands = commandsFor(line, member)
    if (isRefusal(commands)) return commands
    // The order itself last: by then every call about it is known again.
    let isNew = false
    for (const command of commands) {
      const posted = await postOrOpen(ledger, command)
      if (isRefusal(posted)) return posted
      if (command !== commands.at(-1)) continue
      isNew = !posted.replayed
      if (posted.replayed && !isSameLine(line, posted.transaction)) return OTHER
    }
    return { isNew }
  }

  return {
    readOrder: (line, terms, told) => readOrder(line, { terms, told, policies, sources }),

    async checkOrders(orders, isComing) {
      const found = await members.findMany(orders.flatMap(memberOf))
      return Promise.all(
        orders.map(async (line): Promise<Refusal | null> => {
          if ('document' in line) return null
          const member = found.get(line.member)
          if (!member) return isComing(line.member) ? null : NO_MEMBER
          const commands = commandsFor(line, member)
          // Its policy, or the balance with its lots, may be in the very same files.
          if (isRefusal(commands)) return null
          const previewed = await ledger.preview(commands.at(-1)!)
          if (isRefusal(previewed)) return previewed.code === 'LOT_NOT_FOUND' ? null : previewed
          return previewed.replayed && !isSameLine(line, previewed.transaction) ? OTHER : null
        }),
      )
    },

    async bringOrders(orders) {
      const verdicts = new Map<OpeningOrder, Brought | Refusal>()
      for (const line of orders) {
        if (!('document' in line)) continue
        const isNew = policies.findTold(line.policy) === undefined
        const [fault] = await policies.bring(line.document)
        verdicts.set(line, fault ? refuseLine(pathOf(fault.path), fault.message) : { isNew })
      }
      const found = await members.findMany(orders.flatMap(memberOf))
      return Promise.all(
        orders.map((line) =>
          'document' in line ? verdicts.get(line)! : bringLine(line, found.get(line.member)),
        ),
      )
    },

    async ordersAreHere(countedUntil) {
      let freed = 0
      for (let after = 0; ; ) {
        const page = await members.page(after, PAGE)
        const last = page.at(-1)
        if (!last) return freed
        const wallets = await ledger.store.findWallets(page.map(({ wallet }) => wallet))
        const waiting = wallets.filter(({ memo }) => readMemo(memo).countedUntil === countedUntil)
        await Promise.all(
          waiting.map(({ id }) => ledger.post(ordersAreHereCommand(id, countedUntil))),
        )
        freed += waiting.length
        after = last.wallet
      }
    },
  }
}

const NO_MEMBER = refuse('MEMBER_NOT_FOUND', { field: 'member' })
const OTHER = refuse('IDEMPOTENCY_MISMATCH', {
  detail: 'This is here already, from elsewhere or with other content.',
})
const NO_POLICY = 'Expected a policy that is here, or in a line before this one.'

function memberOf(line: OpeningOrder): readonly string[] {
  return 'document' in line ? [] : [line.member]
}

function pathOf(path: string): string {
  return path === '' ? 'document' : `document.${path}`
}

function readOrder(
  line: unknown,
  {
    terms,
    told,
    policies,
    sources,
  }: {
    terms: OpeningTerms
    told: ReadonlySet<string>
    policies: PolicyBook
    sources: ReadonlyMap<string, EarnSource>
  },
): Parsed<OpeningOrder> | Refusal {
  const has = (name: string) =>
    typeof line === 'object' && line !== null && Object.hasOwn(line, name)
  if (has('document')) return readPolicyLine(line, policies)
  if (has('payment')) return readPaymentLine(line, terms)
  const parsed = parseInput(openingEarnedSchema, line)
  if (isRefusal(parsed)) return parsed
  const { source, policy, earned, answers, lots } = parsed.value
  if (!sources.has(source)) return refuseLine('source', 'There is no such source.')
  if (!told.has(policy) && policies.findTold(policy) === undefined) {
    return refuseLine('policy', NO_POLICY)
  }
  const keys = earned.returns.map(({ key }) => key)
  const lost = answers.findIndex(({ act, key }) => act === 'return' && !keys.includes(key ?? ''))
  if (lost >= 0) return refuseLine(`answers.${lost}.key`, 'Nothing was returned under this key.')
  const part = earned.parts?.findIndex(({ lot }) => lot >= lots.length) ?? -1
  if (part >= 0) return refuseLine(`earned.parts.${part}.lot`, 'There is no such lot of the order.')
  const { pendingUntil } = terms
  const { pending } = earned
  if (pending?.confirmAt !== null || pendingUntil === null) return parsed
  return {
    value: { ...parsed.value, earned: { ...earned, pending: { confirmAt: pendingUntil } } },
  }
}

function readPolicyLine(line: unknown, policies: PolicyBook): Parsed<OpeningOrder> | Refusal {
  const parsed = parseInput(openingPolicySchema, line)
  if (isRefusal(parsed)) return parsed
  const { policy, document } = parsed.value
  if (fingerprint(document) !== policy) {
    return refuseLine('policy', 'The document is not the one that goes by this name.')
  }
  const [fault] = policies.checkBrought(document)
  return fault ? refuseLine(pathOf(fault.path), fault.message) : parsed
}

function readPaymentLine(line: unknown, terms: OpeningTerms): Parsed<OpeningOrder> | Refusal {
  const parsed = parseInput(openingPaymentSchema, line)
  if (isRefusal(parsed)) return parsed
  const { payment, hold } = parsed.value
  if (payment.status === 'held' && !terms.releaseHeld) return refuseLine('payment.status', ON_HOLD)
  const taken = hold.taken.reduce((sum, [, points]) => sum + points, 0)
  if (taken !== payment.points) {
    return refuseLine(
      'hold.taken',
      `Expected ${payment.points} points of lots, as were paid, not ${taken}.`,
    )
  }
  if (hold.back !== payment.returnedPoints) {
    return refuseLine('hold.back', `Expected what came back, ${payment.returnedPoints}.`)
  }
  return parsed
}
