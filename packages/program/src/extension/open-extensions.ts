import { isRefusal, type Ledger, type Refusal, refuse } from '@pointwell/ledger'
import { checkReason, type Extended, type ExtendRequest, localDate } from '@pointwell/plugin'
import type { Acting } from '../audit/acting.js'
import { postOrOpen } from '../earning/open-earning.js'
import { type Extension, extensionSchema } from '../expiry/extended-end.js'
import { checkIdempotencyKey } from '../input/idempotency-key.js'
import type { MemberProfile } from '../member/member-facts.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { type ExtensionResult, extendCommand } from './extend-command.js'

const MOST_LOTS = 500

/**
 * Gives points more time: what an operator does, and what a plugin that sells or gives vouchers asks
 * the programme for. Refuses MEMBER_NOT_FOUND, INVALID_INPUT (`reason`, `idempotencyKey`, `lots`,
 * `expiringBy`, `days`, `months`), and what the command does.
 */
export function openExtensions({
  ledger,
  policies,
  findProfile,
}: {
  ledger: Ledger
  policies: PolicyReads
  findProfile: (id: string) => Promise<MemberProfile | undefined>
}): (request: ExtendRequest, acting?: Acting | null) => Promise<Extended | Refusal> {
  return async (request, acting = null) => {
    const { memberId, reason, idempotencyKey, givenBy } = request
    const wrong = checkIdempotencyKey(idempotencyKey) ?? checkReason(reason)
    if (wrong) return wrong
    const which = readWhich(request)
    if (isRefusal(which)) return which
    const by = readExtension(request)
    if (isRefusal(by)) return by
    const member = await findProfile(memberId)
    if (!member) return refuse('MEMBER_NOT_FOUND', { field: 'memberId' })
    const asked = { which, by, reason, idempotencyKey, givenBy }
    const posted = await postOrOpen(ledger, extendCommand(member, asked, { policies, acting }))
    if (isRefusal(posted)) return posted
    const { lots, points } = posted.transaction.result as unknown as ExtensionResult
    return {
      memberId,
      lots,
      points,
      transaction: posted.transaction,
      replayed: posted.replayed,
    }
  }
}

function readWhich({
  lots,
  expiringBy,
}: ExtendRequest): { lots: readonly number[] } | { expiringBy: string } | Refusal {
  const wrong = (field: string, detail: string) => refuse('INVALID_INPUT', { field, detail })
  if (isGiven(lots)) {
    if (isGiven(expiringBy)) return wrong('expiringBy', 'Expected nothing beside `lots`.')
    if (lots.length < 1 || lots.length > MOST_LOTS) {
      return wrong('lots', `Expected 1 to ${MOST_LOTS} lots.`)
    }
    return { lots: [...new Set(lots)] }
  }
  if (!isGiven(expiringBy)) return wrong('lots', 'Expected `lots` or `expiringBy`.')
  const day = localDate().safeParse(expiringBy)
  return day.success
    ? { expiringBy: day.data }
    : wrong('expiringBy', 'Expected a day such as `2026-01-05`.')
}

function readExtension({ days, months }: ExtendRequest): Extension | Refusal {
  const [field, wanted] = isGiven(days)
    ? (['days', { term: 'days', days }] as const)
    : (['months', { term: 'months', months }] as const)
  if (isGiven(days) && isGiven(months)) {
    return refuse('INVALID_INPUT', { field: 'months', detail: 'Expected nothing beside `days`.' })
  }
  const reading = extensionSchema.safeParse(wanted)
  if (reading.success) return reading.data
  const detail = 'Expected `days` from 1 to 3,660 or `months` from 1 to 120.'
  return refuse('INVALID_INPUT', { field, detail })
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined
}
