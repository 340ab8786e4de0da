import { describe, expect, it } from 'vitest'
import {
  BROKEN_NOTIFIERS,
  BROKEN_RULES,
  POST_OPTIONS,
  SOUND_NOTIFIERS,
  SOUND_RULES,
  teaPost,
  teaRule,
} from './broken/broken-others.js'
import {
  CHECKS,
  checkNotifier,
  checkRiskRule,
  type Finding,
  testNotifier,
  testRiskRule,
} from './index.js'

const options = { runs: 30, seed: 20_210_503 }
const names = (findings: readonly Finding[]) => findings.map(({ check }) => check)

testRiskRule(teaRule)
testNotifier(teaPost, POST_OPTIONS)

describe('G5: the kit over risk rules', () => {
  it.each(SOUND_RULES)('finds nothing in one that $how', async ({ rule }) => {
    expect(await checkRiskRule(rule, options)).toEqual([])
  })

  it.each(BROKEN_RULES)('one that $how fails $foundBy', async ({ rule, foundBy }) => {
    expect(names(await checkRiskRule(rule, options))).toEqual(foundBy)
  })
})

describe('G5: the kit over notifiers', () => {
  it.each(SOUND_NOTIFIERS)('finds nothing in one that $how', async ({ notifier, ...it }) => {
    expect(await checkNotifier(notifier, { ...options, ...it.options })).toEqual([])
  })

  it.each(BROKEN_NOTIFIERS)(
    'one that $how fails $foundBy',
    async ({ notifier, foundBy, says = '', ...it }) => {
      const findings = await checkNotifier(notifier, { ...options, ...POST_OPTIONS, ...it.options })
      expect(names(findings)).toEqual(foundBy)
      expect(findings[0]?.fault).toMatch(says)
    },
  )
})

describe('a suite', () => {
  it('has a test for each check, of whatever runner, which says what is wrong', async () => {
    const tests = new Map<string, () => Promise<void>>()
    const [{ rule }] = BROKEN_RULES as [(typeof BROKEN_RULES)[number]]
    testRiskRule(rule, options, {
      describe: (_, suite) => suite(),
      it: (name, test) => void tests.set(name.split(':')[0]!, test),
    })
    expect([...tests.keys()]).toEqual(CHECKS['risk-rule'].map(({ name }) => name))
    await tests.get('never-throws')?.()
    await expect(tests.get('is-pure')?.()).rejects.toThrow(
      /^tea does not keep to is-pure: assess touched Math\.random\.\nSeen with: \{[\s\S]+"seed": 20210503/,
    )
  })
})

describe('a finding', () => {
  it('is told with a short case, or, where that is not asked for, with the case as it was found', async () => {
    const [{ rule }] = BROKEN_RULES as [(typeof BROKEN_RULES)[number]]
    const [short] = await checkRiskRule(rule, options)
    const [found] = await checkRiskRule(rule, { ...options, shorten: false })
    expect(found?.fault).toBe(short?.fault)
    const lengthOf = (it?: Finding) => JSON.stringify(it?.example).length
    expect(lengthOf(found)).toBeGreaterThan(lengthOf(short))
  })
})

describe('the checks', () => {
  it('have names of their own, and say in both languages what they mean', () => {
    for (const checks of Object.values(CHECKS)) {
      const all = checks.map(({ name }) => name)
      expect(new Set(all).size).toBe(all.length)
      for (const { name, means } of checks) {
        expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/)
        expect(means.en).toMatch(/^[^\u4e00-\u9fff]+[^.]$/)
        expect(means.zh).toMatch(/[\u4e00-\u9fff].*[^。]$/)
      }
    }
  })
})
