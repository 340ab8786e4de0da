import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { printPointwellSchema } from '@pointwell/gateway'
import { programRefusals } from '@pointwell/program'
import { buildSchema, loadConfig } from '@pointwell/server'
import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql'
import { describe, expect, it } from 'vitest'

const { plugins } = await loadConfig(undefined)
const schema = buildSchema(plugins)
const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
)
const roots: (GraphQLNamedType | null | undefined)[] = [
  schema.getQueryType(),
  schema.getMutationType(),
  schema.getSubscriptionType(),
]

/** Everything a reader of the schema meets, with what is said of it. */
function* described(): Generator<[string, string | null | undefined]> {
  for (const type of types) {
    if (!roots.includes(type)) yield [type.name, type.description]
    if (isEnumType(type)) {
      for (const value of type.getValues()) yield [`${type.name}.${value.name}`, value.description]
    }
    if (!isObjectType(type) && !isInputObjectType(type)) continue
    for (const field of Object.values(type.getFields())) {
      yield [`${type.name}.${field.name}`, field.description]
      for (const arg of 'args' in field ? field.args : []) {
        yield [`${type.name}.${field.name}(${arg.name})`, arg.description]
      }
    }
  }
}

const fields = types.filter(isObjectType).flatMap((type) =>
  Object.values(type.getFields()).map((field) => ({
    name: `${type.name}.${field.name}`,
    type: String(field.type),
    args: new Map(field.args.map((arg) => [arg.name, String(arg.type)])),
  })),
)

/** Lists that say something by not being there: who asks may not read it, or there is no such member. */
const CAN_BE_NULL = ['Member.messages', 'Query.reviews']

describe('A1: the schema', () => {
  it('says of everything what it is', () => {
    const silent = [...described()].filter(([, text]) => !text?.replace(/Access: .*$/, '').trim())
    expect(silent.map(([name]) => name)).toEqual([])
  })

  it('is as committed in schema.graphql', () => {
    const file = fileURLToPath(new URL('../../schema.graphql', import.meta.url))
    expect(existsSync(file)).toBe(true)
    // `npm run check -- --fix` writes it anew.
    expect(readFileSync(file, 'utf8')).toBe(printPointwellSchema(schema))
  })

  it('gives lists that grow as connections, and lets each be asked for by page', () => {
    for (const { name, type, args } of fields) {
      if (!type.includes('Connection')) continue
      const whole = CAN_BE_NULL.includes(name) ? /^[A-Z]\w+Connection$/ : /^[A-Z]\w+Connection!$/
      expect([name, type]).toEqual([name, expect.stringMatching(whole)])
      expect([name, args.get('first'), args.get('after')]).toEqual([name, 'Int!', 'String'])
    }
    for (const type of types.filter(isObjectType)) {
      if (!type.name.endsWith('Connection')) continue
      expect(Object.keys(type.getFields()).sort()).toEqual(['edges', 'nodes', 'pageInfo'])
    }
  })

  it('A2: answers every change with a union that has a refusal in it', () => {
    for (const field of Object.values(schema.getMutationType()!.getFields())) {
      const [, name] = /^\[?(\w+)/.exec(String(field.type))!
      const result = schema.getType(name!)
      expect([field.name, name]).toEqual([field.name, expect.stringMatching(/Result$/)])
      const members = schema.getPossibleTypes(result as never).map((type) => type.name)
      expect([field.name, members]).toEqual([field.name, expect.arrayContaining(['Refusal'])])
      expect(members.length).toBeGreaterThan(1)
    }
  })

  it('A3: counts points and money by scalars of their own', () => {
    const POINTS =
      /^(points|price|formulaPrice|available|pending|claimable|held|frozen|debt|granted|needed)$/
    for (const { name, type } of fields) {
      const isPoints = POINTS.test(name.split('.')[1]!)
      expect([name, type]).not.toEqual([
        name,
        expect.stringMatching(isPoints ? /\b(Int|Float|String)\b/ : /\bFloat\b/),
      ])
    }
    const counted = fields.filter(({ type }) => /^\[?Points\b/.test(type)).length
    expect(counted).toBeGreaterThan(30)
  })

  it('A2: has every code that a server of these plugins lists, and no other', () => {
    const codes = schema.getType('RefusalCode')
    if (!isEnumType(codes)) throw new Error('no enum RefusalCode')
    const listed = Object.keys(programRefusals(plugins))
    expect(
      codes
        .getValues()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(listed.sort())
  })
})
