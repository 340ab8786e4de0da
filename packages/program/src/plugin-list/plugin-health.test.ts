import { isRefusal } from '@pointwell/ledger'
import { defineEarnSource, type Fulfilment, grant, type PluginCall, step } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openTestProgram } from '../../../../test/support/test-program.js'
import {
  assertDone,
  broken,
  scriptedChannel,
  shop,
} from '../../../../test/support/test-program-plugins.js'
import {
  CUT_OFF_MS,
  LONGEST_CUT_OFF_MS,
  MOST_FAULTS,
  MOST_TIMEOUTS,
  WINDOW_MS,
} from './open-plugin-health.js'

/** A source whose rule is out of order as long as a test says so; it counts how often it is asked. */
function openLamp() {
  const state = { isOut: false, asked: 0 }
  const source = defineEarnSource({
    id: 'lamp',
    version: '1.0.0',
    contract: '^1.0.0',
    title: { en: 'Lamp', zh: '灯' },
    core: false,
    settings: z.object({}),
    event: z.strictObject({ id: z.string(), at: z.number() }),
    once: ({ event }) => event.id,
    decide({ event }) {
      state.asked++
      if (state.isOut) throw new Error('no light')
      return grant({ points: 1, because: [step('base', 1)], at: event.at })
    },
  })
  return { state, source }
}

async function open() {
  const lamp = openLamp()
  const changes: string[] = []
  const told: string[] = []
  const answers: Fulfilment[] = []
  const given: string[] = []
  const channel = scriptedChannel({
    async fulfil(id) {
      const answer = answers.shift()
      if (answer === undefined) throw new Error('the shelf fell')
      if (answer.outcome === 'fulfilled') given.push(id)
      return answer
    },
  })
  const test = await openTestProgram('memory', {
    plugins: [shop, lamp.source, broken, channel],
    onPluginFault: ({ plugin, operation }) => told.push(`${plugin} ${operation}`),
    onPluginCutOff: ({ plugin, operation }: PluginCall, until) =>
      changes.push(`${plugin} ${operation} ${until === null ? 'back' : until - test.time.now}`),
  })
  await test.program.members.register({ id: 'ann' })
  let last = 0
  const light = async (): Promise<'points' | string> => {
    const event = { id: `${last++}`, at: test.time.now }
    const answer = await test.program.earn({ source: 'lamp', memberId: 'ann', event })
    return isRefusal(answer) ? answer.code : 'points'
  }
  const buy = async (points: number) => {
    const lines = [{ id: '1', quantity: 1, priceMinor: points * 100 }]
    const event = { orderId: `o${last++}`, at: test.time.now, lines }
    const answer = await test.program.earn({ source: 'purchase', memberId: 'ann', event })
    assertDone(answer)
    return answer
  }
  const health = (plugin: string, operation: string) =>
    test.program.pluginHealth.of(plugin).find((it) => it.operation === operation)
  return { ...test, lamp, changes, told, answers, given, light, buy, health }
}

describe('G4: a plugin that fails again and again', () => {
  it('is cut off, is refused without being asked, harms nobody else, and comes back', async () => {
    const test = await open()
    const { lamp, changes, told, time, light, buy, health } = test
    expect(await light()).toBe('points')
    lamp.state.isOut = true
    for (let n = 0; n < MOST_FAULTS; n++) expect(await light()).toBe('PLUGIN_FAILED')
    expect(changes).toEqual([`lamp decide ${CUT_OFF_MS}`])
    expect(lamp.state.asked).toBe(1 + MOST_FAULTS)
    expect(health('lamp', 'decide')).toMatchObject({
      calls: 1 + MOST_FAULTS,
      faults: MOST_FAULTS,
      timeouts: 0,
      lastFault: { at: time.now, reason: 'threw', text: expect.stringContaining('no light') },
      cutOffUntil: time.now + CUT_OFF_MS,
    })

    lamp.state.isOut = false
    time.now += CUT_OFF_MS - 1
    for (let n = 0; n < 5; n++) expect(await light()).toBe('PLUGIN_FAILED')
    expect(lamp.state.asked).toBe(1 + MOST_FAULTS)
    // What was not asked is no fault that anybody has to be told of again.
    expect(told).toHaveLength(MOST_FAULTS)
    expect(await buy(100)).toMatchObject({ points: 100 })

    time.now += 1
    expect(await light()).toBe('points')
    expect(changes).toEqual([`lamp decide ${CUT_OFF_MS}`, 'lamp decide back'])
    expect(await light()).toBe('points')
    expect(health('lamp', 'decide')).toMatchObject({ cutOffUntil: null, faults: MOST_FAULTS })
  })

  it('is tried by one call, and stays away twice as long each time that fails, up to a limit', async () => {
    const { lamp, changes, time, light } = await open()
    lamp.state.isOut = true
    for (let n = 0; n < MOST_FAULTS; n++) await light()
    for (
      let lasts = CUT_OFF_MS;
      changes.length < 8;
      lasts = Math.min(lasts * 2, LONGEST_CUT_OFF_MS)
    ) {
      expect(changes.at(-1)).toBe(`lamp decide ${lasts}`)
      time.now += lasts
      const { asked } = lamp.state
      expect([await light(), await light(), await light()]).toEqual([
        'PLUGIN_FAILED',
        'PLUGIN_FAILED',
        'PLUGIN_FAILED',
      ])
      expect(lamp.state.asked).toBe(asked + 1)
    }
    expect(changes.at(-1)).toBe(`lamp decide ${LONGEST_CUT_OFF_MS}`)
  })

  it('is not cut off for faults that are few among many calls, or far apart', async () => {
    const { lamp, changes, time, light } = await open()
    for (let n = 0; n < 3 * MOST_FAULTS; n++) {
      // Two of three go well.
      lamp.state.isOut = n % 3 === 2
      await light()
    }
    lamp.state.isOut = true
    for (let n = 0; n < 3; n++) {
      time.now += WINDOW_MS
      for (let m = 0; m < MOST_FAULTS - 1; m++) await light()
    }
    expect(changes).toEqual([])
  })

  it('is cut off sooner where it holds everybody up, whatever goes well meanwhile', async () => {
    const { program, changes, health, time } = await open()
    let last = 0
    const run = async (how: string) => {
      const event = { id: `${how} ${last++}`, how }
      const answer = await program.earn({ source: 'broken', memberId: 'ann', event })
      return isRefusal(answer) ? answer.code : 'points'
    }
    for (let n = 0; n < MOST_TIMEOUTS; n++) {
      for (const how of ['kind', 'hangs']) expect(await run(how)).toBe('PLUGIN_FAILED')
    }
    expect(changes).toEqual([`broken decide ${CUT_OFF_MS}`])
    expect(health('broken', 'decide')).toMatchObject({ timeouts: MOST_TIMEOUTS })
    const calls = health('broken', 'decide')!.calls
    expect(await run('hangs')).toBe('PLUGIN_FAILED')
    expect(health('broken', 'decide')).toMatchObject({ calls, timeouts: MOST_TIMEOUTS })
    // A trial that hangs is one more, and no trial that never ends.
    time.now += CUT_OFF_MS
    await run('hangs')
    expect(changes).toEqual([`broken decide ${CUT_OFF_MS}`, `broken decide ${2 * CUT_OFF_MS}`])
  })

  it('is still called for what it does well', async () => {
    const { changes, light, lamp, health } = await open()
    lamp.state.isOut = true
    for (let n = 0; n < MOST_FAULTS + 5; n++) await light()
    expect(changes).toEqual([`lamp decide ${CUT_OFF_MS}`])
    expect(health('lamp', 'event')).toMatchObject({ calls: MOST_FAULTS + 5, faults: 0 })
  })

  it('R6: gives what is held once it is back: not asked is not failed', async () => {
    const { program, time, buy, answers, given, changes, health } = await open()
    await buy(10_000)
    assertDone(
      await program.offers.create({
        id: 'tea',
        channel: 'shelf',
        title: { en: 'Tea', zh: '茶' },
        cashValue: '1.00 CNY',
        price: { byHand: 100 },
      }),
    )
    const held: string[] = []
    for (let n = 0; n < MOST_FAULTS + 3; n++) {
      const input = { memberId: 'ann', offerId: 'tea', idempotencyKey: `k${n}` }
      const redemption = await program.redemptions.redeem(input)
      assertDone(redemption)
      expect(redemption).toMatchObject({ status: 'unknown' })
      held.push(redemption.id)
    }
    expect(changes).toEqual([`shelf fulfil ${CUT_OFF_MS}`])
    expect(health('shelf', 'fulfil')).toMatchObject({ calls: MOST_FAULTS })

    answers.push(...held.map(() => ({ outcome: 'fulfilled', receipt: {} }) as const))
    for (let round = 0; round < 20 && given.length < held.length; round++) {
      time.now += LONGEST_CUT_OFF_MS
      await program.redemptions.takeUpDue(1)
      await program.redemptions.takeUpDue(100)
    }
    expect(given.toSorted()).toEqual(held.toSorted())
    for (const id of held) {
      expect(await program.redemptions.find(id)).toMatchObject({ status: 'fulfilled' })
    }
    expect(changes.at(-1)).toBe('shelf fulfil back')
  })
})
