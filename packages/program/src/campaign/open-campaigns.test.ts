import { describe, expect, it } from 'vitest'
import { openPolicyReader } from '../policy/read-policy.js'
import { openCampaigns } from './open-campaigns.js'

const title = { en: 'Spring', zh: '春季' }
const FROM = Date.parse('2026-03-01T00:00:00+08:00')
const UNTIL = Date.parse('2026-04-01T00:00:00+08:00')
const read = openPolicyReader({ sources: [], channels: [] })
const campaign = (more: object = {}) =>
  read({
    badges: ['first-order', 'tea-lover', 'gone'].map((id) => ({
      id,
      title,
      goal: { type: 'orders', count: 1 },
    })),
    campaigns: [
      {
        id: 'spring',
        title,
        from: FROM,
        until: '2026-04-01T00:00:00+08:00',
        multiplier: '2',
        ...more,
      },
    ],
  }).document!.campaigns
const event = {
  at: FROM,
  source: 'purchase',
  tier: 'gold',
  region: 'class-3',
  segments: ['loyal'],
  badges: ['tea-lover'],
  activity: 'medium' as const,
}

describe('E11: campaigns', () => {
  it.each<[string, object, object, boolean]>([
    ['from its first instant', {}, {}, true],
    ['not before it', {}, { at: FROM - 1 }, false],
    ['to its last', {}, { at: UNTIL - 1 }, true],
    ['not after it', {}, { at: UNTIL }, false],
    ['for its tiers', { tiers: ['gold'] }, {}, true],
    ['for no other', { tiers: ['silver'] }, {}, false],
    ['in its regions', { regions: ['class-3'] }, {}, true],
    ['for a segment of the member', { segments: ['lost', 'loyal'] }, {}, true],
    ['for no other segment', { segments: ['lost'] }, {}, false],
    ['for a badge of the member', { badges: ['first-order', 'tea-lover'] }, {}, true],
    ['for no other badge', { badges: ['first-order'] }, {}, false],
    ['for who is so active', { activity: ['medium', 'low'] }, {}, true],
    ['for nobody else', { activity: ['high'] }, {}, false],
    ['for all of it together', { activity: ['medium'], badges: ['gone'] }, {}, false],
    ['for nobody, where no segment is named', { segments: [] }, {}, false],
    ['not where the region is unknown', { regions: ['class-3'] }, { region: null }, false],
  ])('is open %s', (_, terms, other, open) => {
    const found = openCampaigns(campaign(terms), { ...event, ...other })
    expect(found).toEqual(open ? [{ id: 'spring', multiplier: '2', extraPoints: 0 }] : [])
  })

  it('goes by the source', () => {
    const campaigns = campaign().map((it) => ({ ...it, sources: ['check-in'] }))
    expect(openCampaigns(campaigns, event)).toEqual([])
    expect(openCampaigns(campaigns, { ...event, source: 'check-in' })).toHaveLength(1)
  })

  it('keeps its times readable, in UTC', () => {
    expect(campaign()[0]).toMatchObject({
      from: '2026-02-28T16:00:00.000Z',
      until: '2026-03-31T16:00:00.000Z',
    })
  })
})
