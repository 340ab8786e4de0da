import {
  groupReads,
  isRefusal,
  type Ledger,
  type Notice,
  type RecordId,
  type Refusal,
  recordKey,
} from '@pointwell/ledger'
import { type EarnSource, type PluginWatch, type Reaction, runReaction } from '@pointwell/plugin'
import { earnedRecord, earnRecordId, earnRef, readEarnBody } from '../earning/earn-record.js'
import type { Earning } from '../earning/open-earning.js'
import { readMemory } from '../earning/read-memory.js'
import { type MemberProfile, memberFacts } from '../member/member-facts.js'
import { readMemo } from '../memo/programme-memo.js'
import type { NoticeHandler } from '../notices/open-notices.js'
import { openReadings } from '../plugin-list/open-readings.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { type FollowedNotice, reactionTopic } from './reaction-notices.js'

export interface ReactionParts {
  readonly ledger: Pick<Ledger, 'store' | 'clock'>
  readonly policies: PolicyReads
  readonly sources: readonly EarnSource[]
  /** Members by their wallets. */
  readonly findOwners: (wallets: readonly number[]) => Promise<ReadonlyMap<number, MemberProfile>>
  readonly earning: Pick<Earning, 'earn' | 'cancel'>
  readonly watch?: PluginWatch | undefined
}

/** Not the last word: what was refused for one of these may go through another time. */
const PASSING: readonly string[] = [
  'PLUGIN_FAILED',
  'TRY_AGAIN_LATER',
  'OUTCOME_UNKNOWN',
  // The source made an event that its own schema does not take: a better version may mend it.
  'INVALID_INPUT',
]

/** A reaction was not taken in, and is to be tried again. */
class ReactionFailed extends Error {
  override readonly name = 'ReactionFailed'
}

/**
 * Handlers of the notices of followed events, one for each source that follows some. What happened is
 * looked up again when it is handled, so that a source is told what is true by then; what it wants goes
 * through the ordinary door, whose once-keys make doing it again harmless.
 */
export function openReactions(parts: ReactionParts): Readonly<Record<string, NoticeHandler>> {
  const { ledger, policies, watch } = parts
  const sources = new Map(parts.sources.map((source) => [source.id, source]))
  const readings = openReadings()

  // Notices are handled side by side; what they read is read together.
  const findOwner = groupReads(async (wallets: readonly number[]) => {
    const found = await parts.findOwners(wallets)
    return (wallet) => found.get(wallet)
  })
  const findMemo = groupReads(async (wallets: readonly number[]) => {
    const found = await ledger.store.findWallets(wallets)
    const byId = new Map(found.map(({ id, memo }) => [id, readMemo(memo)]))
    return (wallet) => byId.get(wallet) ?? readMemo({})
  })
  const findRecord = groupReads(async (ids: readonly RecordId[]) => {
    const found = await ledger.store.findRecords(ids)
    const byKey = new Map(found.map((record) => [recordKey(record), record]))
    return (id) => byKey.get(recordKey(id))
  }, recordKey)

  const reactionsTo = async (
    reactor: EarnSource,
    { wallet, body }: Notice,
  ): Promise<readonly Reaction[]> => {
    const { source: id, once, happened } = body as unknown as FollowedNotice
    const source = sources.get(id)
    const member = await findOwner(wallet)
    if (!source || !member) return []
    // It may have been merged since: then what it did is kept with the other, under its own id of then.
    const { id: whose } = member.formerly?.find((former) => former.wallet === wallet) ?? member
    const ref = earnRef({ source, memberId: whose, once })
    const record = await findRecord(earnRecordId(source, ref))
    if (record?.wallet !== member.wallet) return []
    const now = ledger.clock()
    const kept = readEarnBody(record)
    const act = earnedRecord(kept, now)
    // It was cancelled before its time came.
    if (happened === 'confirmed' && act.status !== 'confirmed') return []
    const memo = await findMemo(member.wallet)
    const policy = policies.at(now)
    const { id: reactorId } = reactor
    return readings.readSoon({ plugin: reactor, operation: 'reacts', watch }, () =>
      runReaction(
        reactor,
        {
          happened,
          act: { ...act, source: id, at: kept.at, qualifyingMinor: kept.qualifyingMinor },
          memory: readMemory(
            reactor,
            Object.hasOwn(memo.sources, reactorId) ? memo.sources[reactorId] : undefined,
            watch,
          ),
          member: memberFacts(member, {
            policy,
            memo,
            at: now,
            source: reactorId,
            isOrder: reactor.scope === 'programme',
          }),
          settings: policy.document.sources[reactorId]?.settings,
          calendar: policy.calendar,
          now,
          currency: policy.document.programme.currency,
        },
        watch && { watch },
      ),
    )
  }

  const perform = (reactor: EarnSource, reaction: Reaction) =>
    'earn' in reaction
      ? parts.earning.earn({ source: reactor.id, ...reaction.earn }, { byItself: true })
      : parts.earning.cancel({ source: reactor.id, ...reaction.cancel })

  const handlerOf =
    (reactor: EarnSource): NoticeHandler =>
    async (notice) => {
      for (const reaction of await reactionsTo(reactor, notice)) {
        const answer = await perform(reactor, reaction)
        if (isRefusal(answer) && PASSING.includes(answer.code)) throw failed(reactor, answer)
      }
    }

  const reactors = parts.sources.filter(({ reacts }) => reacts !== undefined)
  return Object.fromEntries(reactors.map((it) => [reactionTopic(it.id), handlerOf(it)]))
}

function failed(reactor: EarnSource, { code, figures }: Refusal): ReactionFailed {
  const field = figures.field === undefined ? '' : ` (${figures.field})`
  return new ReactionFailed(`the source ${reactor.id} reacted, and was refused: ${code}${field}`)
}
