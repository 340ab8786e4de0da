import { createHash } from 'node:crypto'
import { type Command, type JsonObject, type Refusal, refuse } from '@pointwell/ledger'
import type { FormerMember } from '../member/member-facts.js'

const MAX_KEY = 100

/** Refuses INVALID_INPUT where a key that a client chose is not 1 to 100 characters of whole text. */
export function checkIdempotencyKey(key: string | null | undefined): Refusal | null {
  const length = key?.length ?? 0
  // Half of a pair would be hashed as every other half is.
  if (key && length <= MAX_KEY && !/\p{Cs}/u.test(key)) return null
  const detail = `Expected 1 to ${MAX_KEY} characters.`
  return refuse('INVALID_INPUT', { field: 'idempotencyKey', detail })
}

interface WithPast {
  readonly wallet: number
  readonly formerly?: readonly FormerMember[]
}

/** What a member asks for, as the ledger gets it; and how it would have been called before others were
 * merged into the member. */
export function memberRequest(
  act: MemberAct,
  member: WithPast,
  idempotencyKey: string,
  content: JsonObject,
): Pick<Command, 'wallet' | 'key' | 'content'> & Required<Pick<Command, 'formerly'>> {
  return {
    wallet: member.wallet,
    key: memberKey(act, member, idempotencyKey),
    content,
    formerly: formerly(member, (former) => ({
      key: memberKey(act, former, idempotencyKey),
      content,
    })),
  }
}

/** The same asked of each member that was merged into this one; null: that cannot be. */
export function formerly(
  member: WithPast,
  as: (former: FormerMember) => { readonly key: string; readonly content: JsonObject } | null,
): NonNullable<Command['formerly']> {
  return (member.formerly ?? []).map((former) => {
    const asked = as(former)
    return { wallet: former.wallet, ...(asked && { as: asked }) }
  })
}

/** What an operator decides about something that has an id of its own: called by that alone, so that it is the
 * same whichever wallet keeps it by then. */
export function decisionKey(act: MemberAct, decision: readonly string[]): string {
  return `${act}:${createHash('sha256').update(JSON.stringify(decision)).digest('base64url')}`
}

type MemberAct =
  | 'redeem'
  | 'claim'
  | 'adjust'
  | 'extend'
  | 'freeze'
  | 'membership'
  | 'transfer'
  | 'tier'
  | 'accelerate'
  | 'boost'
  | 'award'

/** A key as the ledger gets it: the member's own, and any text. Stored as a hash, because databases
 * differ in what texts they take for the same. */
export function memberKey(
  act: MemberAct,
  { wallet }: { readonly wallet: number },
  key: string,
): string {
  return `${act}:${wallet}:${createHash('sha256').update(key).digest('base64url')}`
}
