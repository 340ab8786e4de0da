import { z } from 'zod'
import { defineNotifier, defineRiskRule, type Notifier, type RiskRule } from '../../index.js'
import type { NotifierOptions } from '../index.js'
import { words } from './tea-source.js'

const base = {
  id: 'tea',
  version: '1.0.0',
  contract: '^1.0.0',
  title: words,
  settings: z.strictObject({}),
}

/** A rule that keeps to all of the contract. */
export const teaRule = defineRiskRule({
  ...base,
  words: { 'too-much-tea': words },
  assess: ({ recent }) =>
    recent.earnsLastDay > 100 ? { answer: 'hold', reason: 'too-much-tea' } : { answer: 'allow' },
})

export const BROKEN_RULES: readonly {
  readonly how: string
  readonly foundBy: readonly string[]
  readonly rule: RiskRule
}[] = [
  {
    how: 'throws dice',
    foundBy: ['is-pure'],
    rule: {
      ...teaRule,
      assess: () =>
        Math.random() > 2 ? { answer: 'hold', reason: 'too-much-tea' } : { answer: 'allow' },
    },
  },
  {
    how: 'throws',
    foundBy: ['never-throws'],
    rule: {
      ...teaRule,
      assess: () => {
        throw new Error('too much tea')
      },
    },
  },
  {
    how: 'says no without a reason to some who redeem',
    foundBy: ['assessment-is-well-formed'],
    rule: {
      ...teaRule,
      assess: ({ act, recent, member }) =>
        act.kind === 'redeem' &&
        act.plugin !== '' &&
        recent.earnsLastHour !== undefined &&
        member.id
          ? { answer: 'refuse', reason: '' }
          : { answer: 'allow' },
    },
  },
  {
    how: 'says no without a reason',
    foundBy: ['assessment-is-well-formed'],
    rule: { ...teaRule, assess: () => ({ answer: 'refuse', reason: '' }) },
  },
  {
    how: 'says no for a reason that nobody could read',
    foundBy: ['assessment-is-well-formed'],
    rule: { ...teaRule, assess: () => ({ answer: 'refuse', reason: 'too-little-tea' }) },
  },
]

/** A post office that counts. */
function openPostOffice() {
  const delivered = new Map<string, number>()
  const add = (id: string) => delivered.set(id, (delivered.get(id) ?? 0) + 1)
  return {
    deliverOnce: (id: string) => delivered.has(id) || add(id),
    deliver: add,
    options: { deliveredFor: (id) => delivered.get(id) ?? 0 } satisfies NotifierOptions,
  }
}

const office = openPostOffice()

/** A notifier that keeps to all of the contract. */
export const teaPost = defineNotifier({
  ...base,
  async deliver({ message }) {
    office.deliverOnce(message.id)
    return { outcome: 'delivered' }
  },
})

export const BROKEN_NOTIFIERS: readonly {
  readonly how: string
  readonly foundBy: readonly string[]
  readonly notifier: Notifier
  readonly options?: NotifierOptions
}[] = [
  {
    how: 'throws',
    foundBy: ['deliver-never-throws'],
    notifier: { ...teaPost, deliver: () => Promise.reject(new Error('no stamps')) },
  },
  {
    how: 'never answers',
    foundBy: ['effects-come-back-in-time'],
    notifier: { ...teaPost, deliver: () => new Promise(() => {}) },
    options: { effectDeadlineMs: 50 },
  },
  {
    how: 'answers with what is no outcome',
    foundBy: ['answers-are-well-formed'],
    notifier: { ...teaPost, deliver: async () => ({ outcome: 'sent' }) as never },
  },
  {
    how: 'writes to its tables and has none',
    foundBy: ['deliver-never-throws'],
    notifier: {
      ...teaPost,
      async deliver({ message, store }) {
        await store.write((manager) =>
          manager.query('INSERT INTO tea_post VALUES (?)', [message.id]),
        )
        return { outcome: 'delivered' }
      },
    },
  },
  {
    how: 'delivers each time',
    foundBy: ['delivers-once'],
    notifier: {
      ...teaPost,
      deliver: async ({ message }) => {
        office.deliver(message.id)
        return { outcome: 'delivered' }
      },
    },
  },
]

/** What the notifiers here are tested with. */
export const POST_OPTIONS: NotifierOptions = office.options
