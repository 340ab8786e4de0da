import { z } from 'zod'
import {
  defineNotifier,
  defineRiskRule,
  type Notifier,
  type NotifierMessage,
  type RiskRule,
} from '../../index.js'
import type { NotifierOptions } from '../index.js'
import { openMemoryStore } from '../store/open-memory-store.js'
import { words } from './tea-source.js'
import { CreateTeaLog1767225600002, TeaLog } from './tea-tables.js'

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

/** Rules that the kit finds nothing wrong with. */
export const SOUND_RULES: readonly { readonly how: string; readonly rule: RiskRule }[] = [
  { how: 'keeps to the contract', rule: teaRule },
  {
    how: 'goes by what was done, and says nonsense where that is not told',
    rule: {
      ...teaRule,
      assess: ({ act }) =>
        act.plugin === undefined || act.event === undefined
          ? { answer: 'refuse', reason: '' }
          : { answer: 'allow' },
    },
  },
]

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

/** All of a message, as it would be sent. */
const letterOf = ({ title, body, figures }: NotifierMessage) =>
  [title.en.length, title.zh.length, body.en.length, body.zh.length, Object.keys(figures)].join()

/** A notifier that keeps to all of the contract. */
export const teaPost = defineNotifier({
  ...base,
  async deliver({ message }) {
    if (letterOf(message) === '') return { outcome: 'dead' }
    office.deliverOnce(message.id)
    return { outcome: 'delivered' }
  },
})

/** Sends to whom its tables name, once its office is open. */
const tablePost = defineNotifier({
  ...base,
  entities: [TeaLog],
  migrations: [CreateTeaLog1767225600002],
  async deliver({ message, store }) {
    const find = (id: string) => store.read((manager) => manager.findOneByOrFail(TeaLog, { id }))
    await find('office')
    await find(message.memberId)
    office.deliverOnce(message.id)
    return { outcome: 'delivered' }
  },
})
let isOpen = false

/** Notifiers that the kit finds nothing wrong with. */
export const SOUND_NOTIFIERS: readonly {
  readonly how: string
  readonly notifier: Notifier
  readonly options?: NotifierOptions
}[] = [
  { how: 'keeps to the contract', notifier: teaPost, options: office.options },
  { how: 'is counted by nobody', notifier: teaPost },
  {
    how: 'delivers later',
    notifier: { ...teaPost, deliver: async () => ({ outcome: 'again' }) },
    options: office.options,
  },
  {
    how: 'looks into its tables, of which there is one database',
    notifier: tablePost,
    options: {
      ...office.options,
      subscribe: ({ memberId }, store) =>
        store.write(async (manager) => {
          await manager.save(TeaLog, { id: memberId })
        }),
      async store(tables) {
        if (isOpen) throw new Error('it is open already')
        isOpen = true
        const opened = await openMemoryStore(tables)
        await opened.store.write((manager) => manager.save(TeaLog, { id: 'office' }))
        return {
          store: opened.store,
          async close() {
            isOpen = false
            await opened.close()
          },
        }
      },
    },
  },
]

export const BROKEN_NOTIFIERS: readonly {
  readonly how: string
  readonly foundBy: readonly string[]
  readonly says?: string
  readonly notifier: Notifier
  readonly options?: NotifierOptions
}[] = [
  {
    how: 'throws',
    foundBy: ['deliver-never-throws'],
    says: 'deliver threw Error: no stamps',
    notifier: { ...teaPost, deliver: () => Promise.reject(new Error('no stamps')) },
  },
  {
    how: 'never answers',
    foundBy: ['effects-come-back-in-time'],
    says: 'deliver was not back after 50 ms',
    notifier: { ...teaPost, deliver: () => new Promise(() => {}) },
    options: { effectDeadlineMs: 50 },
  },
  {
    how: 'answers with what is no outcome',
    foundBy: ['answers-are-well-formed'],
    says: 'its outcome is none of delivered, again, dead',
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
    says: 'asked twice, it delivered 2 times',
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
