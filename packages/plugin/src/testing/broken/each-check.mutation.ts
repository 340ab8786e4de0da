import { describe, expect, it } from 'vitest'
import type { Plugin } from '../../contract/plugin.js'
import { earnSourceChecks } from '../earn-source/earn-source-checks.js'
import { notifierChecks } from '../notifier/notifier-checks.js'
import { redemptionChannelChecks } from '../redemption-channel/redemption-channel-checks.js'
import { riskRuleChecks } from '../risk-rule/risk-rule-checks.js'
import type { Check } from '../run/finding.js'
import type { KitOptions } from '../run/kit-options.js'
import { runCheck } from '../run/run-checks.js'
import { openSession } from '../run/session.js'
import { BROKEN_CHANNELS } from './broken-channels.js'
import {
  BROKEN_NOTIFIERS,
  BROKEN_RULES,
  POST_OPTIONS,
  SOUND_NOTIFIERS,
  SOUND_RULES,
} from './broken-others.js'
import { BROKEN_SOURCES } from './broken-sources.js'
import { checksOf } from './checks-of.js'
import { findListFaults } from './list-faults.js'
import { SOUND_CHANNELS, SOUND_SOURCES } from './sound-plugins.js'

/*
 * What Stryker runs for each change that it makes to a check (`npm run mutate`): a test for each plugin and
 * each check, so that a changed check is tried by its own tests alone. Together they say what the tests
 * beside the checks say, which run all checks over a plugin at once.
 */

interface Tried {
  readonly how: string
  readonly foundBy: readonly string[]
  readonly says?: string | RegExp
  readonly plugin: Plugin
  readonly options?: KitOptions
}

const isMutated = checksOf(process.env.POINTWELL_MUTATE ?? '')
const few = { runs: 40, seed: 20_210_503, shorten: false }
const kinds: Record<string, { checks: readonly Check<never>[]; all: readonly Tried[] }> = {
  'earn-source': {
    checks: earnSourceChecks,
    all: [
      ...SOUND_SOURCES.map(({ source, ...rest }) => ({ plugin: source, foundBy: [], ...rest })),
      ...BROKEN_SOURCES.map(({ source, ...rest }) => ({ plugin: source, ...rest })),
    ],
  },
  'redemption-channel': {
    checks: redemptionChannelChecks,
    all: [
      ...SOUND_CHANNELS.map(({ channel, ...rest }) => ({ plugin: channel, foundBy: [], ...rest })),
      ...BROKEN_CHANNELS.map(({ channel, ...rest }) => ({ plugin: channel, ...rest })),
    ],
  },
  'risk-rule': {
    checks: riskRuleChecks,
    all: [
      ...SOUND_RULES.map(({ rule, ...rest }) => ({ plugin: rule, foundBy: [], ...rest })),
      ...BROKEN_RULES.map(({ rule, ...rest }) => ({ plugin: rule, ...rest })),
    ],
  },
  notifier: {
    checks: notifierChecks,
    all: [
      ...SOUND_NOTIFIERS.map(({ notifier, ...rest }) => ({
        plugin: notifier,
        foundBy: [],
        ...rest,
      })),
      ...BROKEN_NOTIFIERS.map(({ notifier, options, ...rest }) => ({
        ...rest,
        plugin: notifier,
        options: { ...POST_OPTIONS, ...options },
      })),
    ],
  },
}

// A check that is emptied or missing altogether is told at once.
it('lists all checks', () => {
  expect(findListFaults()).toEqual([])
})

// Those that a check is there for come first: Stryker stops at the first test that fails.
for (const isOwn of [true, false]) {
  for (const [kind, { checks, all }] of Object.entries(kinds)) {
    for (const check of checks.filter(({ name }) => isMutated(kind, name))) {
      describe(`${kind} ${check.name}`, () => {
        for (const tried of all.filter(({ foundBy }) => foundBy.includes(check.name) === isOwn)) {
          it(`of one that ${tried.how}`, () => tryOne(check, tried))
        }
      })
    }
  }
}

async function tryOne(check: Check<never>, tried: Tried): Promise<void> {
  const { plugin, options, foundBy, says } = tried
  const session = openSession(plugin, { ...few, ...options })
  const findings = await runCheck(check, session as never)
  expect(findings.map((it) => it.check)).toEqual(foundBy.includes(check.name) ? [check.name] : [])
  if (findings[0] && says !== undefined && foundBy[0] === check.name) {
    expect(findings[0].fault).toMatch(says)
  }
}
