import { groupReads, type Ledger } from '@pointwell/ledger'
import {
  type AskedFor,
  type EarnSource,
  type OtherMember,
  type PluginWatch,
  runLeadsTo,
} from '@pointwell/plugin'
import { idsOf, type MemberProfile, memberFacts } from '../member/member-facts.js'
import type { Identity } from '../member/member-rows.js'
import { type ProgrammeMemo, readMemo } from '../memo/programme-memo.js'
import type { Readings } from '../plugin-list/open-readings.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { type AskedFacts, type AskedRecord, NOTHING_ASKED } from './asked-facts.js'
import { earnRecordId, earnRef } from './earn-record.js'
import { eventTime } from './event-time.js'
import { readMemory } from './read-memory.js'

/** So many members of a line are read. */
const LONGEST_LINE = 20

export interface AskingParts {
  readonly ledger: Pick<Ledger, 'store' | 'clock'>
  readonly policies: PolicyReads
  readonly sources: ReadonlyMap<string, EarnSource>
  readonly findProfiles: (ids: readonly string[]) => Promise<ReadonlyMap<string, MemberProfile>>
  readonly findIdentities: (
    wallets: readonly number[],
  ) => Promise<ReadonlyMap<number, readonly Identity[]>>
  readonly readings: Readings
  readonly watch?: PluginWatch | undefined
}

/** An event whose source asked for something. */
export interface AskingEvent {
  readonly source: EarnSource
  /** The event's own member. */
  readonly member: MemberProfile
  readonly event: unknown
  readonly asked: AskedFor
}

/**
 * Makes ready what sources ask for. Of acts only the names: they are read under the wallet's lock. Other
 * members are read here, those of many events side by side in one statement a table; a source that asks
 * for nothing costs nothing.
 */
export function openAsking(parts: AskingParts): (event: AskingEvent) => Promise<AskedFacts> {
  const { ledger, policies, sources, readings, watch } = parts

  const findMemo = groupReads(async (wallets: readonly number[]) => {
    const found = await ledger.store.findWallets(wallets)
    const byId = new Map(found.map(({ id, memo }) => [id, readMemo(memo)]))
    return (id): ProgrammeMemo => byId.get(id) ?? readMemo({})
  })
  const findIdentities = groupReads(async (wallets: readonly number[]) => {
    const found = await parts.findIdentities(wallets)
    return (id) => found.get(id) ?? []
  })

  const nameOfAct = (
    { source: id, once, memberId }: AskedFor['acts'][number],
    find: (memberId: string | undefined) => MemberProfile | undefined,
  ): AskedRecord | null => {
    const source = sources.get(id)
    const whose = find(memberId)
    if (!source || !whose) return null
    const names = source.scope === 'member' ? idsOf(whose) : [whose.id]
    return {
      ids: names.map((name) => earnRecordId(source, earnRef({ source, memberId: name, once }))),
      memberId: whose.id,
    }
  }

  const other = async (
    profile: MemberProfile | undefined,
    { source, event }: AskingEvent,
  ): Promise<OtherMember | null> => {
    if (!profile) return null
    const { wallet } = profile
    const [memo, identities] = await Promise.all([findMemo(wallet), findIdentities(wallet)])
    const now = ledger.clock()
    const at = eventTime(event, now)
    const stored = Object.hasOwn(memo.sources, source.id) ? memo.sources[source.id] : undefined
    const reading = { plugin: source, operation: 'memory', watch }
    return readings.readSoon(reading, () => ({
      facts: memberFacts(profile, {
        policy: policies.at(now),
        memo,
        at,
        source: source.id,
        isOrder: source.scope === 'programme',
      }),
      memory: readMemory(source, stored, watch),
      identities: identities.map(({ kind, value }) => ({ kind, value })),
    }))
  }

  /** Read one after the other: each says who is next. */
  const lineFrom = async (from: string, event: AskingEvent): Promise<OtherMember[]> => {
    const { source } = event
    const line: OtherMember[] = []
    const seen = new Set<number>()
    for (let id: string | null = from; id !== null && line.length < LONGEST_LINE; ) {
      const profile: MemberProfile | undefined = (await parts.findProfiles([id])).get(id)
      const found: OtherMember | null = await other(profile, event)
      if (!profile || !found || seen.has(profile.wallet)) break
      seen.add(profile.wallet)
      line.push(found)
      id = await readings.readSoon({ plugin: source, operation: 'leadsTo', watch }, () =>
        runLeadsTo(source, found.memory, watch && { watch }),
      )
    }
    return line
  }

  return async (event) => {
    const { acts, members, line } = event.asked
    if (acts.length === 0 && members.length === 0 && line === undefined) return NOTHING_ASKED
    const { member } = event
    const own = idsOf(member)
    const foreign = acts.flatMap(({ memberId }) => memberId ?? []).filter((id) => !own.includes(id))
    const asked = [...new Set([...members, ...foreign])]
    const profiles = asked.length > 0 ? await parts.findProfiles(asked) : new Map()
    const named = acts.map((act) =>
      nameOfAct(act, (id) => (id === undefined || own.includes(id) ? member : profiles.get(id))),
    )
    const others = await Promise.all(members.map((id) => other(profiles.get(id), event)))
    const above = line === undefined ? [] : await lineFrom(line, event)
    return { acts: named, others: [...others, ...above] }
  }
}
