import {
  type EarnedRecord,
  isRefusal,
  type MemberFacts,
  openCalendar,
  runDecision,
} from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import type { ReferralEvent } from '../event/referral-event.js'
import { type ReferralMemory, referralMemory } from '../memory/referral-memory.js'
import { referral } from '../referral.js'
import type { ReferralSettings } from '../settings/referral-settings.js'

const NOON = Date.parse('2026-01-05T12:00:00+08:00')
const member: MemberFacts = {
  id: 'ann',
  joinedAt: NOON,
  region: null,
  staff: false,
  birthday: null,
  tier: { id: 'regular', earnMultiplier: '1', birthdayMultiplier: '2' },
  segments: [],
  campaigns: [],
}
const order: EarnedRecord = {
  memberId: 'bob',
  once: 'o-1',
  event: {},
  status: 'confirmed',
  granted: 100,
  standing: 100,
  returns: [],
}
const act = { source: 'purchase', order: 'o-1' }
const reward: ReferralEvent = { act: 'reward', friend: 'bob', ...act }
const qualified = { accepted: { referrer: 'ann', at: NOON }, qualified: act }
const remembered = (memory: object) => referralMemory.parse(memory)

function decide(
  event: ReferralEvent,
  {
    memory = {},
    others = [qualified],
    settings = {},
    seen = order,
    facts = {},
  }: {
    memory?: object
    others?: object[]
    settings?: Partial<ReferralSettings>
    seen?: Partial<EarnedRecord> | null
    facts?: Partial<MemberFacts>
  } = {},
) {
  const decision = runDecision(referral, {
    event,
    memory: remembered(memory),
    member: { ...member, ...facts },
    acts: [seen && { ...order, ...seen }],
    others: others.map((it) => ({
      facts: { ...member, id: 'other' },
      memory: remembered(it),
      identities: [],
    })),
    settings: referral.settings.parse(settings),
    calendar: openCalendar('Asia/Shanghai'),
    now: NOON,
    currency: 'CNY',
  })
  return isRefusal(decision)
    ? decision.code
    : { points: decision.points, memory: decision.memory as ReferralMemory }
}

describe('E4: a reward', () => {
  it('is 300 points, or what the operator says, and is counted', () => {
    const first = decide(reward)
    expect(first).toMatchObject({
      points: 300,
      memory: { rewards: { day: ['2026-01-05', 1], month: ['2026-01', 1], ever: ['', 1] } },
    })
    expect(decide(reward, { settings: { points: 7 } })).toMatchObject({ points: 7 })
    const campaigns = [{ id: 'c', multiplier: '2', extraPoints: 5 }]
    expect(decide(reward, { facts: { campaigns } })).toMatchObject({ points: 605 })
  })

  it.each<[string, Parameters<typeof decide>[1]]>([
    ['somebody else’s friend', { others: [{ ...qualified, accepted: { referrer: 'x', at: 0 } }] }],
    ['a friend who did not qualify', { others: [{ ...qualified, qualified: null }] }],
    ['another act', { others: [{ ...qualified, qualified: { ...act, order: 'o-2' } }] }],
    ['one that is held', { others: [{ ...qualified, held: ['same-device'] }] }],
    ['one decided against', { others: [{ ...qualified, held: [], ruling: 'refused' }] }],
    ['one that is lost', { others: [{ ...qualified, lost: true }] }],
    ['an order that is gone', { seen: null }],
    ['an order that was cancelled', { seen: { status: 'cancelled' } }],
    ['an order that came back whole', { seen: { standing: 0 } }],
    ['an order of no points that came back', { seen: { granted: 0, standing: 0, returns: [{}] } }],
  ])('is none for %s', (_, given) => {
    expect(decide(reward, given)).toBe('REFERRAL_ENDED')
  })

  it('is given for a released one, and for an order that caps cut to nothing', () => {
    const released = { ...qualified, held: ['same-device'], ruling: 'released' }
    expect(decide(reward, { others: [released] })).toMatchObject({ points: 300 })
    expect(decide(reward, { seen: { granted: 0, standing: 0 } })).toMatchObject({ points: 300 })
  })

  it('is none for staff, nor for two who brought each other', () => {
    expect(decide(reward, { facts: { staff: true } })).toBe('REFERRAL_STAFF')
    const memory = { accepted: { referrer: 'other', at: NOON } }
    expect(decide(reward, { memory })).toBe('REFERRAL_LOOP')
  })

  it.each([1, 2, 18])(
    'is none, nor are the friend’s points, in a ring over %i others',
    (length) => {
      const upTo = (referrer: string) => ({ accepted: { referrer, at: NOON } })
      const line = (last: string) => [
        ...Array.from({ length: length - 1 }, (_, n) => upTo(`x${n}`)),
        upTo(last),
      ]
      const welcome: ReferralEvent = { act: 'welcome', referrer: 'ann', ...act }
      const friend = { ...qualified, accepted: { referrer: 'zoe', at: NOON } }
      expect(decide(reward, { others: [qualified, ...line('other')] })).toBe('REFERRAL_LOOP')
      expect(decide(reward, { others: [qualified, ...line('zoe')] })).toMatchObject({ points: 300 })
      const settings = { friendPoints: 50 }
      expect(decide(welcome, { memory: friend, others: line('ann'), settings })).toBe(
        'REFERRAL_LOOP',
      )
      expect(decide(welcome, { memory: friend, others: line('eve'), settings })).toMatchObject({
        points: 50,
      })
    },
  )

  it.each([
    ['day', '2026-01-05', '2026-01-04'],
    ['month', '2026-01', '2025-12'],
    ['year', '2026', '2025'],
  ] as const)('keeps to a limit a %s', (per, now, before) => {
    const settings = { limits: [{ per, times: 2 }] }
    const full = (name: string) => ({ rewards: { [per]: [name, 2] } })
    expect(decide(reward, { settings, memory: full(now) })).toBe('REFERRAL_LIMIT_REACHED')
    expect(decide(reward, { settings, memory: full(before) })).toMatchObject({
      memory: { rewards: { [per]: [now, 1] } },
    })
  })
})

describe('E4: what counts', () => {
  const qualify: ReferralEvent = { act: 'qualify', ...act }
  const accepted = { accepted: qualified.accepted }

  it('is one order, which stands', () => {
    expect(decide(qualify, { memory: accepted })).toMatchObject({
      points: 0,
      memory: { qualified: act },
    })
    expect(decide(qualify)).toBe('REFERRAL_ENDED')
    expect(decide(qualify, { memory: qualified })).toBe('REFERRAL_ENDED')
    for (const seen of [null, { standing: 0 }, { status: 'pending' as const }]) {
      expect(decide(qualify, { memory: accepted, seen })).toBe('REFERRAL_ENDED')
    }
  })

  it('the newest ten devices are remembered, each once', () => {
    let memory: object = {}
    for (const n of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 5]) {
      const device = String(n).padStart(22, 'd')
      const decision = decide({ act: 'mark', device, payment: null }, { memory })
      memory = (decision as { memory: object }).memory
    }
    const { devices } = memory as ReferralMemory
    expect(devices.map((it) => Number(it.replaceAll('d', '')))).toEqual([
      2, 3, 4, 6, 7, 8, 9, 10, 11, 5,
    ])
  })

  it('a line that is not as it was is asked for anew', () => {
    const accept: ReferralEvent = {
      act: 'accept',
      line: ['bob'],
      device: null,
      payment: null,
      at: NOON,
    }
    const above = { accepted: { referrer: 'cid', at: NOON } }
    expect(decide(accept, { others: [above] })).toBe('REFERRAL_CHANGED')
    const longer = { ...accept, line: ['bob', 'cid'] }
    expect(decide(longer, { others: [above, {}] })).toMatchObject({ points: 0 })
    expect(decide(longer, { others: [{}, {}] })).toBe('REFERRAL_CHANGED')
    const ring = { accepted: { referrer: 'ann', at: NOON } }
    expect(decide(longer, { others: [above, ring] })).toBe('REFERRAL_LOOP')
  })
})
