import { isRefusal } from '@pointwell/ledger'
import { loadConfig } from '@pointwell/server'
import { describe, expect, it } from 'vitest'
import { dataOf, viewerOf } from '../support/ask-program.js'
import { availableStores } from '../support/databases.js'
import { DAY_MS, openTestProgram, type TestProgram } from '../support/test-program.js'

const { plugins } = await loadConfig(undefined)
const badge = (id: string, goal: object) => ({ id, title: { en: id, zh: id }, goal })
const BADGES = [
  badge('tea-lover', { type: 'acts', source: 'purchase', tag: 'tea', count: 2 }),
  badge('sharer', { type: 'acts', source: 'behaviour', tag: 'share', count: 2 }),
  badge('three-days', { type: 'streak', source: 'check-in', count: 3 }),
]

async function done(test: TestProgram, source: string, event: object) {
  const earned = await test.program.earn({ source, memberId: 'ann', event })
  if (isRefusal(earned)) throw new Error(`${earned.code} ${JSON.stringify(earned.figures)}`)
}

const order = (orderId: string, at: number, ...categories: (string | undefined)[]) => ({
  orderId,
  at,
  currency: 'CNY',
  confirmed: true,
  lines: categories.map((category, n) => ({
    id: `${n}`,
    article: `a${n}`,
    quantity: 1,
    unitPrice: '10',
    ...(category !== undefined && { category }),
  })),
})

async function badgesOf(test: TestProgram) {
  const query = '{ me { badges { id done earnedAt } } }'
  const { me } = await dataOf(test, query, { viewer: viewerOf.member('ann') })
  return Object.fromEntries(
    me.badges.map((it: { id: string; done: string; earnedAt: string | null }) => [
      it.id,
      [it.done, it.earnedAt !== null],
    ]),
  )
}

describe.each(availableStores())('M7: badges of the sources shipped, on %s', (store) => {
  it('count categories, behaviours and days in a row, and goods that go back', async () => {
    const test = await openTestProgram(store, { plugins, firstPolicy: { badges: BADGES } })
    const { time, program } = test
    await program.members.registerMany([{ id: 'ann' }])
    await done(test, 'purchase', order('o-1', time.now, 'tea', 'tea', undefined))
    await done(test, 'purchase', order('o-2', time.now, 'cup'))
    await done(test, 'behaviour', { behaviour: 'share', ref: 'a', at: time.now })
    await done(test, 'behaviour', { behaviour: 'favourite', ref: 'a', at: time.now })
    for (let day = 0; day < 3; day++) {
      const date = program.calendar().dateOf(time.now)
      expect((await badgesOf(test))['three-days']).toEqual([`${day}`, false])
      await done(test, 'check-in', { date })
      time.now += DAY_MS
    }
    expect(await badgesOf(test)).toEqual({
      'tea-lover': ['1', false],
      sharer: ['1', false],
      'three-days': ['3', true],
    })
    await done(test, 'purchase', order('o-3', time.now, 'cup', 'tea'))
    await done(test, 'behaviour', { behaviour: 'share', ref: 'b', at: time.now })
    // A day was missed: the longest streak is what counts.
    time.now += DAY_MS
    await done(test, 'check-in', { date: program.calendar().dateOf(time.now) })
    expect(await badgesOf(test)).toEqual({
      'tea-lover': ['2', true],
      sharer: ['2', true],
      'three-days': ['3', true],
    })
    const taken = { returnId: 'r', lines: [{ line: '1', quantity: 1 }] }
    const back = await program.returnEarned({ source: 'purchase', once: 'o-3', taken })
    expect(back).not.toHaveProperty('code')
    expect((await badgesOf(test))['tea-lover']).toEqual(['1', false])
  })
})
