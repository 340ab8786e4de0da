import { createPlugin, RESERVED_IDS, readArguments } from '@pointwell/create-plugin'
import { defineNotifier, defineRiskRule, type Plugin } from '@pointwell/plugin'
import { loadConfig, openServerDatabase, startServer } from '@pointwell/server'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { freshSqliteUrl } from '../support/databases.js'

describe('G6: a new plugin', () => {
  it('is called neither like one that is shipped nor like tables of the programme', async () => {
    const { plugins } = await loadConfig(undefined)
    const database = await openServerDatabase({ url: await freshSqliteUrl(), plugins: [] })
    let tables: { name: string }[]
    try {
      await database.migrate()
      tables = await database.read((manager) =>
        manager.query(
          "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
        ),
      )
    } finally {
      await database.close()
    }
    const firstWords = new Set(tables.map(({ name }) => name.split('_')[0]!))
    expect(firstWords.size).toBeGreaterThan(2)
    const taken = [...plugins.map(({ id }) => id), ...firstWords]
    expect(taken.filter((id) => !RESERVED_IDS.has(id))).toEqual([])
  })

  const base = {
    version: '1.0.0',
    contract: '^1.0.0',
    title: { en: 'Watch', zh: '守望' },
    settings: z.object({}),
  }
  // Every kind that can be made is one that a server starts with, and the other way round.
  it.each<[kind: string, plugin: Plugin]>([
    ['risk', defineRiskRule({ ...base, id: 'watch', assess: () => ({ answer: 'allow' }) })],
    [
      'notify',
      defineNotifier({ ...base, id: 'bird', deliver: async () => ({ outcome: 'delivered' }) }),
    ],
  ])('of the kind %s can be made, and a server starts with one', async (kind, plugin) => {
    const given = readArguments([kind, 'watch'])
    // No further than any other: the generator of the repository knows no versions for elsewhere.
    expect(() => createPlugin(given, { cwd: '/', now: 0 })).toThrow('published package')
    const server = await startServer({
      databaseUrl: await freshSqliteUrl(),
      tokens: { secret: 'a secret for tests of new plugins' },
      plugins: [plugin],
      jobs: false,
    })
    await server.close()
  })
})
