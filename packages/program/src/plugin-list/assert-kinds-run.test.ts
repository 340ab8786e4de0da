import { defineNotifier, defineRiskRule } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openTestProgram } from '../../../../test/support/test-program.js'
import { shop } from '../../../../test/support/test-program-plugins.js'

const base = {
  version: '1.0.0',
  contract: '^1.0.0',
  title: { en: 'Watch', zh: '守望' },
  settings: z.object({}),
}
const rule = defineRiskRule({ ...base, id: 'watch', assess: () => ({ answer: 'allow' }) })
const bird = defineNotifier({
  ...base,
  id: 'bird',
  deliver: async () => ({ outcome: 'delivered' as const }),
})

describe('G3: plugins of a kind that nobody asks yet', () => {
  it('are no plugins to start with, each by its name', async () => {
    await expect(openTestProgram('sqlite', { plugins: [shop, rule, bird] })).rejects.toMatchObject({
      name: 'PluginBootError',
      faults: [
        { plugin: 'watch', fault: expect.stringContaining('risk-rule') },
        { plugin: 'bird', fault: expect.stringContaining('notifier') },
      ],
    })
  })
})
