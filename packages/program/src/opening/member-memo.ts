import type { JsonObject, Wallet } from '@pointwell/ledger'
import { lockOf } from '@pointwell/ledger'
import type { Member } from '../member/member-rows.js'
import type { ProgrammeMemo } from '../memo/programme-memo.js'
import { sorted } from './fingerprints.js'
import type { OpeningMember } from './opening-input.js'

/** What a line of a file says of a member, as the wallet's memo keeps it; `countedUntil` as there. */
export function memoOf(
  { lastActiveAt, tierFloors, accelerators, qualifyingSpend, waitingSpend, memory }: OpeningMember,
  countedUntil: number | null,
): JsonObject {
  const parts = {
    lastActiveAt,
    countedUntil,
    spend: qualifyingSpend,
    waiting: waitingSpend,
    floors: tierFloors,
    accelerators,
    ...memory,
  }
  return JSON.parse(JSON.stringify(withoutEmpty(parts)))
}

/** The way back: the fields of a line of which `memoOf` makes the same memo again. Times as ISO 8601. */
export function fieldsOf(
  memo: JsonObject,
  { lock }: Pick<Wallet, 'lock'>,
): Readonly<Record<string, unknown>> {
  const { lastActiveAt, spend, waiting, floors, accelerators, ...known } =
    memo as Partial<ProgrammeMemo>
  // Of lots by their numbers, and of variants by the wallet's, which are others elsewhere; and of how this
  // member came here.
  const { renewed: _, experiments: __, countedUntil: ___, ...memory } = known
  const { usableUntil } = lockOf({ lock })
  return {
    ...withoutEmpty({ lastActiveAt: isoOrNull(lastActiveAt ?? null) }),
    membershipUntil: isoOrNull(usableUntil),
    ...withoutEmpty({
      tierFloors: floors?.map(({ tier, from, until }) => ({ tier, ...span({ from, until }) })),
      accelerators: accelerators?.map(({ factor, from, until }) => ({
        factor,
        ...span({ from, until }),
      })),
      qualifyingSpend: sorted(spend),
      waitingSpend: sorted(
        mapped(waiting, (it) => ({ ...it, confirmAt: isoOrNull(it.confirmAt) })),
      ),
      memory: sorted(withoutEmpty(memory)),
    }),
  }
}

/** What a table says of a member, in the order of the columns of an export. */
export function profileOf(member: Member) {
  const { id, joinedAt, birthday, region, staff, consent, formerly } = member
  const twoDigits = (part: number) => String(part).padStart(2, '0')
  return {
    id,
    joinedAt: new Date(joinedAt).toISOString(),
    ...(birthday && { birthday: `${twoDigits(birthday.month)}-${twoDigits(birthday.day)}` }),
    ...withoutEmpty({
      region,
      ...(staff && { staff }),
      consent,
      formerIds: formerly?.map((former) => ({ id: former.id, mergedAt: isoOrNull(former.at) })),
    }),
  }
}

export function isoOrNull(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}

/** Without what is null, undefined, or a list or an object of nothing. */
export function withoutEmpty(parts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(parts).filter(([, part]) => {
      if (typeof part === 'object' && part !== null) return Object.keys(part).length > 0
      return part !== undefined && part !== null
    }),
  )
}

function span({ from, until }: { readonly from: number; readonly until: number }) {
  return { from: new Date(from).toISOString(), until: new Date(until).toISOString() }
}

function mapped<T>(
  values: Readonly<Record<string, T>> | undefined,
  change: (value: T) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values ?? {}).map(([name, value]) => [name, change(value)]),
  )
}
