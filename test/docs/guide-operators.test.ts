import { readFile } from 'node:fs/promises'
import { defineNotifier, defineRiskRule } from '@pointwell/plugin'
import { loadConfig } from '@pointwell/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startTestServer, type TestServer } from '../support/test-server.js'

/** The server comes without a risk rule; the page speaks of one that the generator makes. */
const anHour = () => z.int().min(1).default(5)
const velocity = defineRiskRule({
  id: 'velocity',
  version: '1.0.0',
  contract: '^1.0.0',
  title: { en: 'Velocity', zh: '频次' },
  settings: z.strictObject({ earnsAnHour: anHour(), redemptionsAnHour: anHour() }),
  assess: () => ({ answer: 'allow' }),
})

const page = await readFile(new URL('../../docs/guide-operators.md', import.meta.url), 'utf8')

/** None is shipped, and what all have alike is on the page. */
const pigeonPost = defineNotifier({
  id: 'pigeon-post',
  version: '1.0.0',
  contract: '^1.0.0',
  title: { en: 'Pigeon post', zh: '飞鸽传书' },
  settings: z.strictObject({ language: z.enum(['both', 'en', 'zh']).default('both') }),
  deliver: async () => ({ outcome: 'delivered' }),
})

interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>
  readonly additionalProperties?: Shape | boolean
  readonly items?: Shape
  readonly anyOf?: readonly Shape[]
  readonly oneOf?: readonly Shape[]
}

/** The text under each heading: `caps`, `sources/purchase`. */
const sections = new Map<string, string>()
let outer = ''
for (const part of page.split(/^(?=#{2,3} )/m).slice(1)) {
  const [, marks, name] = /^(#+) (.+)\n/.exec(part)!
  if (marks === '##') outer = name!
  sections.set(marks === '##' ? name! : `${outer}/${name}`, part)
}

/** The names of all settings within a shape. What is the same everywhere is told once: words in two
 * languages, and terms (under `kinds`). */
function* namesWithin(shape: Shape): Generator<string> {
  const { properties = {}, additionalProperties, items, anyOf = [], oneOf = [] } = shape
  const choices = [...anyOf, ...oneOf]
  const isTerm = choices.some((it) => it.properties && 'term' in it.properties)
  const isWords = 'en' in properties && 'zh' in properties
  if (isTerm || isWords) return
  for (const [name, inner] of Object.entries(properties)) {
    yield name
    yield* namesWithin(inner)
  }
  for (const inner of [additionalProperties, items, ...choices]) {
    if (typeof inner === 'object') yield* namesWithin(inner)
  }
}

const isTold = (text: string, name: string) =>
  new RegExp(`\`(?:[\\w.[\\]-]+\\.)?${name}(?:\\.[\\w.-]+)?\``).test(text) ||
  new RegExp(`\`\\{[^\`]*"${name}"`).test(text)

describe('docs/guide-operators.md', () => {
  let server: TestServer
  let schema: Shape

  beforeAll(async () => {
    const plugins = [...(await loadConfig(undefined)).plugins, velocity, pigeonPost]
    server = await startTestServer({ jobs: false, plugins })
    const token = await server.token('operator', { roles: ['admin'] })
    const { data } = await server.ask('{ policySchema }', { token })
    schema = data.policySchema
  })
  afterAll(() => server.close())

  it('E1: tells every setting of the policy, under the heading of its part', () => {
    const untold: string[] = []
    const look = (heading: string, names: Iterable<string>) => {
      const text = sections.get(heading) ?? ''
      for (const name of new Set(names)) if (!isTold(text, name)) untold.push(`${heading}: ${name}`)
    }
    const { sources, channels, rules, notifiers, ...others } = schema.properties!
    expect(Object.keys(others).length).toBeGreaterThan(15)
    for (const [heading, shape] of Object.entries(others)) look(heading, namesWithin(shape))
    for (const [kind, { properties = {} }] of Object.entries({ sources, channels }) as [
      string,
      Shape,
    ][]) {
      for (const [id, plugin] of Object.entries(properties)) {
        look(`${kind}/${id}`, namesWithin(plugin.properties!.settings!))
        look(kind, Object.keys(plugin.properties!))
      }
    }
    // Of those none is shipped: what all have alike is told, and the settings by whoever brings one.
    for (const [heading, { properties = {} }] of Object.entries({ rules, notifiers }) as [
      string,
      Shape,
    ][]) {
      expect(Object.keys(properties)).toHaveLength(1)
      for (const plugin of Object.values(properties)) {
        look(heading, Object.keys(plugin.properties!))
      }
    }
    expect(untold).toEqual([])
  })

  it('has an example under every heading, and each is a policy', async () => {
    const faulty: unknown[] = []
    for (const [heading, text] of sections) {
      const examples = [...text.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, json]) => json!)
      const has = examples.length > 0 || heading === 'channels'
      if (!has) faulty.push(`${heading} has no example`)
      for (const json of examples) {
        const document = JSON.parse(json)
        const answer = await server.program.policies.update({ document, by: 'ada' })
        if (!('updated' in answer) || !answer.updated) faulty.push([heading, answer])
      }
    }
    expect(faulty).toEqual([])
  })
})
