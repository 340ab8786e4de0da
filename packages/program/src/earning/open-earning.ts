import {
  type Command,
  groupReads,
  isRefusal,
  type JsonObject,
  type Ledger,
  type LedgerRecord,
  type Posted,
  type RecordId,
  type Refusal,
  recordKey,
  refuse,
} from '@pointwell/ledger'
import {
  type ConfirmRequest,
  type Earned,
  type EarnedName,
  type EarnedPage,
  type EarnedRecord,
  type EarnRequest,
  type EarnSource,
  type OperatorAct,
  type PluginWatch,
  type Previewed,
  type ReturnRequest,
  type RiskRule,
  runAsks,
  runOnce,
  runReturn,
  runReturnKey,
} from '@pointwell/plugin'
import { markAct } from '../audit/act-mark.js'
import { actingOf } from '../audit/acting.js'
import type { NewAuditEntry } from '../audit/audit-entry.js'
import { SLOTS } from '../budget/budget-shards.js'
import { readPluginInput } from '../input/read-plugin-input.js'
import { idsOf, type MemberProfile } from '../member/member-facts.js'
import type { Identity } from '../member/member-rows.js'
import { readMemo } from '../memo/programme-memo.js'
import type { KeptChange, KeptEvent } from '../pause/kept-rows.js'
import type { KeptEvents } from '../pause/open-kept-events.js'
import type { Pauses } from '../pause/open-pauses.js'
import { type Asked, postFor } from '../plugin-list/name-hung-plugin.js'
import { openReadings } from '../plugin-list/open-readings.js'
import type { PolicyBook } from '../policy/open-policy-book.js'
import { eachItsOwn, type OnFailure } from '../refusal/each-its-own.js'
import { orPluginFailed } from '../refusal/or-plugin-failed.js'
import { openCalled } from '../risk/open-called.js'
import { confirmCommand, type KnownEvent } from './confirm-command.js'
import { type EarnSubject, earnCommand } from './earn-command.js'
import {
  type EarnBody,
  type EarnResult,
  earnedRecord,
  earnKey,
  earnRecordId,
  earnRef,
  readEarnBody,
} from './earn-record.js'
import { eventTime } from './event-time.js'
import { openAsking } from './open-asking.js'
import { readMemory } from './read-memory.js'
import { cancelCommand, returnCommand } from './return-command.js'

export interface EarningParts {
  readonly ledger: Ledger
  readonly policies: Pick<PolicyBook, 'at' | 'get' | 'find' | 'refresh'>
  readonly sources: readonly EarnSource[]
  /** Asked about every earn (K1); default: none. */
  readonly rules?: readonly RiskRule[]
  /** Profiles of those of the members that there are, in one statement. */
  readonly findProfiles: (ids: readonly string[]) => Promise<ReadonlyMap<string, MemberProfile>>
  readonly findIdentities: (
    wallets: readonly number[],
  ) => Promise<ReadonlyMap<number, readonly Identity[]>>
  readonly pauses: Pick<Pauses, 'isPaused'>
  readonly kept: Pick<KeptEvents, 'keep' | 'find' | 'change'>
  readonly watch?: PluginWatch
  /** Told of a fault that befell one of many, and is shown to nobody else. */
  readonly onFailure?: OnFailure | undefined
}

/** Refuses PLUGIN_FAILED where the source is at fault. Of many, each has its own answer, in order, with
 * what `eachItsOwn` refuses. */
export interface Earning {
  /** `byItself`: a source does it about what others did. */
  earn(request: EarnRequest, how?: { readonly byItself?: boolean }): Promise<Earned | Refusal>
  preview(request: EarnRequest): Promise<Previewed | Refusal>
  earnMany(requests: readonly EarnRequest[]): Promise<(Earned | Refusal)[]>
  /** An event that was kept, decided as it would have been then (E10). Refuses EARNING_PAUSED, and then
   * it is kept as it was. */
  earnKept(event: KeptEvent): Promise<Earned | Refusal>
  confirm(event: ConfirmRequest): Promise<Earned | Refusal>
  confirmMany(events: readonly ConfirmRequest[]): Promise<(Earned | Refusal)[]>
  takeBack(event: ReturnRequest): Promise<Earned | Refusal>
  takeBackMany(events: readonly ReturnRequest[]): Promise<(Earned | Refusal)[]>
  cancel(event: EarnedName): Promise<Earned | Refusal>
  find(event: EarnedName): Promise<EarnedRecord | null>
  findOf(page: EarnedPage): Promise<readonly EarnedRecord[] | null>
  remembered(name: { readonly source: string; readonly memberId: string }): Promise<unknown>
}

/** How an event is read: when it was kept, if it was; which pauses count for it; and whether it is an act
 * of the member. */
interface Reading {
  readonly keptAt?: number
  readonly byItself?: boolean
  readonly pauses?: Pick<Pauses, 'isPaused'>
}

interface EventRead {
  readonly refused?: undefined
  readonly command: Command
  readonly member: MemberProfile
  readonly subject: EarnSubject
  /** Who is at fault where the decision does not end. */
  readonly called: Asked
}

type Changing = ReturnType<typeof confirmCommand> | Refusal

/** What happens to an event that went in, and what is written down of it while the event is kept. */
interface Change {
  readonly commandOf: (known: KnownEvent) => Changing | Promise<Changing>
  readonly keptAs: (source: EarnSource) => KeptChange | Refusal | Promise<KeptChange | Refusal>
}

export function openEarning(parts: EarningParts): Earning {
  const { ledger, policies, pauses, kept, watch, rules = [] } = parts
  const sources = new Map(parts.sources.map((source) => [source.id, source]))
  // Servers that share a slot wait for each other a little; that is all.
  const slot = Math.floor(Math.random() * SLOTS)
  const tools = { policies, pauses, slot, ...(watch && { watch }) }
  const many = { what: 'earning', onFailure: parts.onFailure }
  const readings = openReadings()
  const ask = openAsking({ ...parts, sources, readings })

  const getSource = (id: string): EarnSource => {
    const source = sources.get(id)
    if (!source) throw new Error(`This server has no earn source ${id}.`)
    return source
  }

  /** Reads an event that came in, and makes the command of it. */
  const readEvent = async (
    request: EarnRequest,
    findProfile: (id: string) => MemberProfile | undefined,
    { keptAt, byItself, pauses: seenPauses = pauses }: Reading = {},
  ): Promise<EventRead | Refusal> => {
    const source = getSource(request.source)
    const now = keptAt ?? ledger.clock()
    const reading = { plugin: source, operation: 'event', watch }
    const named = await readings.readSoon(reading, () => {
      reading.operation = 'event'
      const event = readPluginInput(reading, { schema: source.event, input: request.event })
      if (isRefusal(event)) return event
      reading.operation = 'once'
      const context = { event: event.value, calendar: policies.at(now).calendar, now }
      const once = runOnce(source, context, watch && { watch })
      reading.operation = 'asks'
      return { event: event.value, once, asked: runAsks(source, context, watch && { watch }) }
    })
    if (isRefusal(named)) return named
    const { event, once } = named
    const member = findProfile(request.memberId)
    if (!member) return refuse('MEMBER_NOT_FOUND', { field: 'memberId' })
    const asked = await ask({ source, member, event, asked: named.asked })
    const mark = markOf(request.act, { source: source.id, once })
    const subject = {
      source,
      member,
      event,
      once,
      asked,
      mark,
      ...(keptAt !== undefined && { keptAt }),
      ...(byItself && { byItself }),
    }
    const called = openCalled({ plugin: source, operation: 'decide', watch })
    const risk = { rules, watch, asking: called.asking }
    const command = earnCommand(subject, { ...tools, pauses: seenPauses, risk })
    return { command, member, subject, called: called.called }
  }

  const earnOne = async (
    request: EarnRequest,
    findProfile: (id: string) => MemberProfile | undefined,
    how: Pick<Reading, 'keptAt' | 'byItself'> = {},
  ): Promise<Earned | Refusal> => {
    const now = ledger.clock()
    const { keptAt } = how
    const read = await readEvent(request, findProfile, how)
    if (isRefusal(read)) return read
    const posted = await postFor(read.called, postOrOpen(ledger, read.command))
    if (!isRefusal(posted)) return earned(posted, read.member.id)
    if (posted.code !== 'EARNING_PAUSED' || keptAt !== undefined) return posted
    return keep(read, { now, act: request.act })
  }

  /** What came while earning was paused (E10). */
  const keep = (
    { command, member, subject }: EventRead,
    { now, act }: { now: number; act: OperatorAct | undefined },
  ): Promise<Refusal> =>
    kept.keep({
      key: command.key,
      entry: entryOf(act, { command, subject, at: now }),
      content: command.content,
      source: subject.source.id,
      pauseId: pauses.isPaused(subject.source.id, member.pauses) ?? member.pauses.latest,
      memberId: member.id,
      once: subject.once,
      event: subject.event,
      happenedAt: eventTime(subject.event, now),
      keptAt: now,
      byItself: subject.byItself ?? false,
    })

  const preview = async (request: EarnRequest): Promise<Previewed | Refusal> => {
    const profiles = await parts.findProfiles([request.memberId])
    // What comes while earning is paused is worth what it says here, later.
    const reading = { pauses: { isPaused: () => null } }
    const read = await readEvent(request, (id) => profiles.get(id), reading)
    if (isRefusal(read)) return read
    const posted = await postFor(read.called, ledger.preview(read.command))
    return isRefusal(posted) ? posted : previewed(posted, read.member.id)
  }

  const earnMany = async (requests: readonly EarnRequest[]): Promise<(Earned | Refusal)[]> => {
    const profiles = await parts.findProfiles([...new Set(requests.map((it) => it.memberId))])
    const find = (id: string) => profiles.get(id)
    return eachItsOwn(requests, (request) => earnOne(request, find), many)
  }

  // Names side by side are read in one statement; nothing is remembered, so what follows a write sees it.
  const findRecord = groupReads(async (ids: readonly RecordId[]) => {
    const found = await ledger.store.findRecords(ids)
    const byKey = new Map(found.map((record) => [recordKey(record), record]))
    return (id) => byKey.get(recordKey(id))
  }, recordKey)

  /** What every source remembers of a member, by source. */
  const findSources = groupReads(async (wallets: readonly number[]) => {
    const found = await ledger.store.findWallets(wallets)
    const byId = new Map(found.map(({ id, memo }) => [id, readMemo(memo).sources]))
    return (id): Readonly<Record<string, unknown>> => byId.get(id) ?? {}
  })

  /** A member may go by another id by now, and what it did may be kept under any of them. */
  const findByName = async (source: EarnSource, { memberId, once }: EarnedName) => {
    const look = async (id: string, whose: string | undefined) => {
      const ref = earnRef({ source, memberId: id, once })
      const record = await findRecord(earnRecordId(source, ref))
      const body = record && readEarnBody(record)
      return body && (whose === undefined || whose === body.memberId) ? { record, body, ref } : null
    }
    const found = await look(memberId ?? '', memberId)
    if (found || memberId === undefined) return found
    const member = (await parts.findProfiles([memberId])).get(memberId)
    if (!member || (!member.formerly && member.id === memberId)) return null
    // Both may have done what is called the same: the one whose name was said is meant.
    for (const id of source.scope === 'member' ? [memberId, ...idsOf(member)] : ['']) {
      const known = await look(id, member.id)
      if (known) return known
    }
    return null
  }

  const findKnown = async (
    name: EarnedName,
  ): Promise<(KnownEvent & { readonly body: EarnBody }) | undefined> => {
    const source = getSource(name.source)
    if (source.scope === 'member' && name.memberId === undefined) return undefined
    const found = await findByName(source, name)
    if (!found) return undefined
    const { record, body, ref } = found
    const { memberId, policyVersion } = body
    // Another server may have decided under a version that this one has not heard of yet.
    if (!policies.find(policyVersion)) await policies.refresh()
    return { source, wallet: record.wallet, ref, memberId, body }
  }

  const findKept = async (name: EarnedName): Promise<KeptEvent | undefined> => {
    const source = getSource(name.source)
    const { memberId, once } = name
    if (source.scope === 'member' && memberId === undefined) return undefined
    const member = memberId && (await parts.findProfiles([memberId])).get(memberId)
    const ids = [memberId ?? '', ...(member ? idsOf(member) : [])]
    for (const id of source.scope === 'member' ? ids : ids.slice(0, 1)) {
      const event = await kept.find(
        earnKey('earn', source, earnRef({ source, memberId: id, once })),
      )
      if (!event || event.status === 'refused') continue
      if (memberId === undefined || ids.includes(event.memberId)) return event
    }
    return undefined
  }

  const change = async (name: EarnedName, { commandOf, keptAs }: Change) => {
    for (let again = false; ; again = true) {
      const known = await findKnown(name)
      if (known) return post(known, await commandOf(known))
      const event = await findKept(name)
      if (!event || again) return refuse('ORDER_NOT_FOUND')
      const source = getSource(name.source)
      const change = await keptAs(source)
      if (isRefusal(change)) return change
      const answer = await kept.change(event, change, (taken) => {
        const left = runReturn(source, event.event, taken, watch && { watch })
        return isRefusal(left) ? left : null
      })
      // Undefined: it went in meanwhile.
      if (answer) return answer
    }
  }

  const post = async (known: KnownEvent, command: Changing): Promise<Earned | Refusal> => {
    if (isRefusal(command)) return command
    const asked = { plugin: known.source, operation: 'return', watch }
    const posted = await postFor(asked, ledger.post(command))
    return isRefusal(posted) ? posted : earned(posted, known.memberId)
  }

  const confirm = ({ at, ...name }: ConfirmRequest) =>
    change(name, {
      commandOf: (known) => confirmCommand(known, { policies, ...(at !== undefined && { at }) }),
      keptAs: () => ({ act: 'confirm', at: at ?? ledger.clock() }),
    })

  const readTaken = (
    source: EarnSource,
    raw: unknown,
  ): Promise<{ readonly key: string; readonly taken: unknown } | Refusal> => {
    const { returns } = source
    if (!returns) throw new Error(`The earn source ${source.id} takes nothing back.`)
    const reading = { plugin: source, operation: 'returns.schema', watch }
    return readings.readSoon(reading, () => {
      reading.operation = 'returns.schema'
      const taken = readPluginInput(reading, { schema: returns.schema, input: raw })
      if (isRefusal(taken)) return taken
      reading.operation = 'returns.key'
      const key = runReturnKey(source, taken.value, watch && { watch })
      return { key, taken: taken.value }
    })
  }

  const takeBack = ({ taken: raw, act, ...name }: ReturnRequest) =>
    change(name, {
      async commandOf(known) {
        const read = await readTaken(known.source, raw)
        if (isRefusal(read)) return read
        return returnCommand(known, { ...tools, ...read, mark: markOf(act, name) })
      },
      async keptAs(source) {
        const read = await readTaken(source, raw)
        return isRefusal(read) ? read : { act: 'return', ...read }
      },
    })

  const cancel = (name: EarnedName) =>
    change(name, {
      commandOf: (known) => cancelCommand(known, tools),
      keptAs: () => ({ act: 'cancel' }),
    })

  return {
    async earn(request, how) {
      const profiles = await parts.findProfiles([request.memberId])
      return orPluginFailed(earnOne(request, (id) => profiles.get(id), how))
    },
    preview: (request) => orPluginFailed(preview(request)),
    earnMany,
    async earnKept({ source, memberId, event, keptAt, byItself }) {
      const profiles = await parts.findProfiles([memberId])
      const find = (id: string) => profiles.get(id)
      return orPluginFailed(earnOne({ source, memberId, event }, find, { keptAt, byItself }))
    },
    confirm: (event) => orPluginFailed(confirm(event)),
    confirmMany: (events) => eachItsOwn(events, confirm, many),
    takeBack: (event) => orPluginFailed(takeBack(event)),
    takeBackMany: (events) => eachItsOwn(events, takeBack, many),
    cancel: (name) => orPluginFailed(cancel(name)),
    async find(name) {
      const known = await findKnown(name)
      return known ? earnedRecord(known.body, ledger.clock()) : null
    },
    async findOf({ source: id, memberId, before, limit }) {
      const source = getSource(id)
      const member = (await parts.findProfiles([memberId])).get(memberId)
      if (!member) return null
      const records = await pageOf(ledger, { source, member }, { before, limit })
      const now = ledger.clock()
      return records.map((record) => earnedRecord(readEarnBody(record), now))
    },
    async remembered({ source: id, memberId }) {
      const source = getSource(id)
      const member = (await parts.findProfiles([memberId])).get(memberId)
      if (!member) return null
      const all = await findSources(member.wallet)
      const stored = Object.hasOwn(all, source.id) ? all[source.id] : undefined
      const reading = { plugin: source, operation: 'memory', watch }
      return readings.readSoon(reading, () => readMemory(source, stored, watch))
    },
  }
}

/** What a source took in of a member, under whichever of its ids, by the names of the acts. */
async function pageOf(
  { store }: Pick<Ledger, 'store'>,
  { source, member }: { source: EarnSource; member: MemberProfile },
  { before, limit }: { before: string | null; limit: number },
): Promise<readonly LedgerRecord[]> {
  const { kind } = earnRecordId(source, '')
  const { wallet } = member
  const isOwn = source.scope === 'member'
  if (!isOwn || !member.formerly) {
    const { id } = member
    const beforeRef = before === null ? null : earnRef({ source, memberId: id, once: before })
    return store.findRecordsOf(wallet, kind, { beforeRef, limit })
  }
  const pages = await Promise.all(
    idsOf(member).map(async (id) => {
      // Behind every name of this id, and before those of the next.
      const end = earnRef({ source, memberId: id, once: '' }).replace(/\/$/, '0')
      const beforeRef = before === null ? end : earnRef({ source, memberId: id, once: before })
      const records = await store.findRecordsOf(wallet, kind, { beforeRef, limit })
      const own = earnRef({ source, memberId: id, once: '' })
      return records.filter(({ ref }) => ref.startsWith(own))
    }),
  )
  const nameOf = (record: LedgerRecord) => readEarnBody(record).once
  return pages
    .flat()
    .sort((a, b) => (nameOf(a) < nameOf(b) ? 1 : nameOf(a) > nameOf(b) ? -1 : 0))
    .slice(0, limit)
}

/** A server may have died after it wrote a member and before it opened the wallet: that heals here. */
export async function postOrOpen(
  ledger: Ledger,
  command: Parameters<Ledger['post']>[0],
): Promise<Posted | Refusal> {
  const posted = await ledger.post(command)
  if (!isRefusal(posted) || posted.code !== 'WALLET_NOT_FOUND') return posted
  await ledger.openWallets([command.wallet])
  return ledger.post(command)
}

function earned({ transaction, replayed }: Posted, memberId: string): Earned {
  const { once, points, details } = transaction.result as unknown as EarnResult
  return { transaction, replayed, memberId, points, once, details }
}

/** The answer to a posting that was not made. */
function previewed({ transaction, replayed }: Posted, memberId: string): Previewed {
  const { once, points, details } = transaction.result as unknown as EarnResult
  const [lot] = transaction.termed
  return {
    memberId,
    once,
    recorded: replayed,
    points,
    explanation: transaction.explanation,
    lot: lot
      ? {
          kind: lot.kind,
          pending: lot.pending > 0,
          confirmAt: lot.confirmAt,
          claimMs: lot.claimMs,
          claimBy: lot.claimBy,
          expiresAt: lot.expiresAt,
        }
      : null,
    details,
  }
}

/** What the audit is to say of an operator's act on an event (O5). */
function markOf(act: OperatorAct | undefined, { source, once }: EarnedName): JsonObject {
  if (!act) return {}
  return markAct(actingOf(act.context, act.reason), act.name, { source, once })
}

/** The same of an act whose event is kept, because earning is paused. */
function entryOf(
  act: OperatorAct | undefined,
  { command, subject, at }: Pick<EventRead, 'command' | 'subject'> & { at: number },
): NewAuditEntry | null {
  const acting = act && actingOf(act.context, act.reason)
  if (!acting) return null
  return {
    ...acting,
    at,
    act: act.name,
    target: { kind: 'member', id: String(command.wallet) },
    before: null,
    after: { source: subject.source.id, once: subject.once, kept: true },
    key: `kept:${command.key}`,
  }
}
