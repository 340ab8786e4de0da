import { describe, expect, it } from 'vitest'
import { BROKEN_SOURCES } from '../broken/broken-sources.js'
import { SOUND_SOURCES } from '../broken/sound-plugins.js'
import { tea } from '../broken/tea-source.js'
import { checkEarnSource, type Finding, testEarnSource } from '../index.js'

const SEED = 20_210_503
/** Of a broken plugin only the check that finds it is looked at, not how short its example is. */
const QUICK = { runs: 40, seed: SEED, shorten: false }
const names = (findings: readonly Finding[]) => findings.map(({ check }) => check)

testEarnSource(tea, SOUND_SOURCES[0]?.options)

describe('G5: the kit over earn sources', () => {
  it.each(SOUND_SOURCES)('finds nothing in one that $how', async ({ source, options }) => {
    expect(await checkEarnSource(source as never, { seed: SEED, ...options })).toEqual([])
  })

  it.each(BROKEN_SOURCES)(
    'one that $how fails $foundBy',
    async ({ source, options, foundBy, says = '' }) => {
      const findings = await checkEarnSource(source as never, { ...QUICK, ...options })
      expect(names(findings), JSON.stringify(findings)).toEqual(foundBy)
      for (const { fault } of findings) expect(fault).not.toMatch(/\.$/)
      expect(findings[0]?.fault).toMatch(says)
    },
  )
})
