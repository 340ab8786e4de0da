import { MAX_POINTS, type Refusal, refuse, type Wallet } from '@pointwell/ledger'
import type { Identity, Member } from '../member/member-rows.js'
import type { PolicyDocument } from '../policy/policy-document.js'

export interface MergeNames {
  /** The shop's own ids. */
  readonly from: string
  readonly into: string
}

/**
 * Whether two members may become one. Refuses MEMBER_NOT_FOUND (`from`, `into`), MERGE_WITH_SELF (they are
 * one already), MEMBER_MERGED (one of the ids is that of a member who went into another: it is to be named
 * by the id that it goes by).
 */
export function checkNames(
  { from, into }: MergeNames,
  found: ReadonlyMap<string, Member>,
): { readonly from: Member; readonly into: Member; readonly refused?: undefined } | Refusal {
  const [gone, stays] = [found.get(from), found.get(into)]
  if (!gone) return refuse('MEMBER_NOT_FOUND', { field: 'from' })
  if (!stays) return refuse('MEMBER_NOT_FOUND', { field: 'into' })
  if (gone.wallet === stays.wallet) return refuse('MERGE_WITH_SELF', { field: 'into' })
  if (gone.id !== from) return refuse('MEMBER_MERGED', { field: 'from' })
  if (stays.id !== into) return refuse('MEMBER_MERGED', { field: 'into' })
  return { from: gone, into: stays }
}

/** Refuses IDENTITY_LIMIT where both together would have more of a kind than one member may. */
export function checkLinked(
  linked: readonly Identity[],
  { limits }: PolicyDocument['identities'],
): Refusal | null {
  for (const [kind, limit] of Object.entries(limits)) {
    const found = linked.filter((identity) => identity.kind === kind).length
    if (found > limit) {
      const detail = `${found} identities of the kind ${kind}`
      return refuse('IDENTITY_LIMIT', { field: 'from', limit, detail })
    }
  }
  return null
}

/** Refuses BALANCE_TOO_LARGE. */
export function checkBalances(wallets: readonly Wallet[]): Refusal | null {
  const [first = 0, second = 0] = wallets.map(({ balance: { debt: _, ...states } }) =>
    Object.values(states).reduce((sum, points) => sum + points, 0),
  )
  if (first + second <= MAX_POINTS) return null
  return refuse('BALANCE_TOO_LARGE', { available: MAX_POINTS - first, needed: second })
}
