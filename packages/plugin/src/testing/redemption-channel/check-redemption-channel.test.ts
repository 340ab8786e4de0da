import { describe, expect, it } from 'vitest'
import { BROKEN_CHANNELS } from '../broken/broken-channels.js'
import { SOUND_CHANNELS } from '../broken/sound-plugins.js'
import { teaHouse } from '../broken/tea-channel.js'
import { checkRedemptionChannel, testRedemptionChannel } from '../index.js'

const SEED = 20_210_503
/** Of a broken plugin only the check that finds it is looked at, not how short its example is. */
const QUICK = { runs: 40, seed: SEED, shorten: false }

testRedemptionChannel(teaHouse)

describe('G5: the kit over redemption channels', () => {
  it.each(SOUND_CHANNELS)('finds nothing in one that $how', async ({ channel, options }) => {
    expect(await checkRedemptionChannel(channel, { seed: SEED, ...options })).toEqual([])
  })

  it.each(BROKEN_CHANNELS)(
    'one that $how fails $foundBy',
    async ({ channel, options, foundBy, says = '' }) => {
      const findings = await checkRedemptionChannel(channel, { ...QUICK, ...options })
      expect(
        findings.map(({ check }) => check),
        JSON.stringify(findings),
      ).toEqual(foundBy)
      for (const { fault } of findings) expect(fault).not.toMatch(/\.$/)
      expect(findings[0]?.fault).toMatch(says)
    },
  )
})
