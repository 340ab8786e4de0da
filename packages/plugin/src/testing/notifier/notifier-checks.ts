import fc, { type Arbitrary } from 'fast-check'
import type { DeliveryContext, Notifier, NotifierMessage } from '../../contract/plugin.js'
import { describe } from '../../isolation/call-plugin.js'
import { findAnswerFault } from '../../isolation/find-answer-fault.js'
import { freezeDeeply } from '../../isolation/freeze-deeply.js'
import { textArbitrary } from '../arbitrary/text-arbitraries.js'
import { type DecisionCase, decisionCases, decisionContext } from '../decision/decision-case.js'
import { everyPluginChecks } from '../every-plugin/every-plugin-checks.js'
import { findCaseOf } from '../run/find-case.js'
import type { Check, Found } from '../run/finding.js'
import type { KitOptions } from '../run/kit-options.js'
import type { Session } from '../run/session.js'
import { type OpenedStore, openMemoryStore, type PluginTables } from '../store/open-memory-store.js'
import { observeEffect } from '../watch/observe-effect.js'

/** What the kit cannot see of a notifier. */
export interface NotifierOptions extends KitOptions {
  /** A database with the plugin's tables; absent: SQLite in memory, for which `better-sqlite3` is needed. */
  readonly store?: (tables: PluginTables) => Promise<OpenedStore>
  /** Makes the notifier know where the member wants to be told, as its members would: by its own tables. Asked
   * before each message. */
  readonly subscribe?: (
    member: { readonly memberId: string },
    store: OpenedStore['store'],
  ) => void | Promise<void>
  /** How often a message arrived where the plugin sends to: what a made-up post office has counted. */
  readonly deliveredFor?: (messageId: string) => number | Promise<number>
}

export type NotifierSession = Session<Notifier, NotifierOptions>

type Given = DeliveryContext<unknown>
/** All that the contract asks of a notifier. */
export const notifierChecks: readonly Check<NotifierSession>[] = [
  ...everyPluginChecks,
  {
    name: 'deliver-never-throws',
    means: {
      en: 'deliver answers, and does not throw, where nothing is wrong with the world',
      zh: '外部一切正常时，投递返回结果而不抛出异常',
    },
    find: (session) =>
      overMessages(session, async (given) => {
        const seen = await deliver(session, given)
        return seen.outcome === 'threw' ? `deliver threw ${describe(seen.error)}` : undefined
      }),
  },
  {
    name: 'effects-come-back-in-time',
    means: { en: 'deliver comes back before its deadline', zh: '投递在时限内返回' },
    find: (session) =>
      overMessages(session, async (given) => {
        const { outcome } = await deliver(session, given)
        return outcome === 'hung'
          ? `deliver was not back after ${session.effectDeadlineMs} ms`
          : undefined
      }),
  },
  {
    name: 'answers-are-well-formed',
    means: {
      en: 'deliver answers delivered, again or dead',
      zh: '投递返回 delivered、again 或 dead',
    },
    find: (session) =>
      overMessages(session, async (given) => {
        const seen = await deliver(session, given)
        return seen.outcome === 'answered'
          ? findAnswerFault(session.plugin, 'deliver', seen.answer)
          : undefined
      }),
  },
  {
    name: 'delivers-once',
    means: {
      en: 'a message that is delivered arrives once, however often it is asked for',
      zh: '已送达的消息无论请求几次都只到达一次',
    },
    find: (session) =>
      overMessages(session, async (given) => {
        const { deliveredFor } = session.options
        if (!deliveredFor) return undefined
        const first = await deliver(session, given)
        if (first.outcome !== 'answered' || first.answer.outcome !== 'delivered') return undefined
        await deliver(session, given)
        const times = await deliveredFor(given.message.id)
        return times === 1 ? undefined : `asked twice, it delivered ${times} times`
      }),
  },
]

let messages = 0

async function overMessages(
  session: NotifierSession,
  judge: (given: Given) => Promise<string | undefined>,
): Promise<Found> {
  const words = fc.record({
    en: textArbitrary({ min: 1, max: 500 }),
    zh: textArbitrary({ min: 1, max: 500 }),
  })
  const cases: Arbitrary<DecisionCase & Pick<NotifierMessage, 'title' | 'body' | 'figures'>> = fc
    .record({
      base: decisionCases(session),
      title: words,
      body: words,
      figures: fc.dictionary(
        textArbitrary({ min: 1, max: 20 }),
        fc.oneof(fc.integer(), textArbitrary({ min: 0, max: 50 })),
        { maxKeys: 4 },
      ),
    })
    .map(({ base, ...it }) => ({ ...base, ...it }))
  // Stryker disable next-line MethodExpression,ArithmeticOperator: how often is a matter of time
  const fewer = { ...session, runs: Math.max(5, Math.ceil(session.runs / 5)) }
  const { plugin, options } = session
  const opened = await (options.store ? options.store(plugin) : openMemoryStore(plugin))
  const { store } = opened
  try {
    return await findCaseOf(fewer, cases, async (value) => {
      // Stryker disable next-line AssignmentOperator: it may be any that no message had
      messages += 1
      const { settings, member, now } = decisionContext(value)
      const { title, body, figures } = structuredClone({
        title: value.title,
        body: value.body,
        figures: value.figures,
      })
      const id = `message-${process.pid}-${messages}`
      const message = { id, memberId: member.id, kind: 'expiring', title, body, figures, at: now }
      await options.subscribe?.({ memberId: member.id }, store)
      const given = freezeDeeply({ settings, message, now })
      return judge({ ...given, store, signal: new AbortController().signal })
    })
  } finally {
    await opened.close()
  }
}

function deliver(session: NotifierSession, given: Given) {
  return observeEffect(session, 'deliver', () => session.plugin.deliver({ ...given }))
}
