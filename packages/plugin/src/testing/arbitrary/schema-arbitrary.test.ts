import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  currency,
  decimal,
  identifier,
  instant,
  localDate,
  money,
  points,
  rate,
  termSchema,
  text,
  wordsSchema,
} from '../../index.js'
import { CannotMake } from './cannot-make.js'
import { schemaArbitrary } from './schema-arbitrary.js'

const schemas: Readonly<Record<string, z.ZodType>> = {
  instant: instant(),
  localDate: localDate(),
  'localDate, narrowed': localDate().refine((date) => date <= '2999-12-31'),
  points: points(),
  money: money(),
  decimal: decimal({ places: 4, min: '0.0001' }),
  'decimal of any sign': decimal({ places: 2 }),
  rate: rate(),
  currency: currency(),
  identifier: identifier(),
  'identifier, described': identifier({ max: 8 }).describe('short'),
  text: text({ max: 64 }),
  'text of one length': text({ min: 3, max: 3 }),
  words: wordsSchema,
  term: termSchema,
  'texts by pattern': z.string().regex(/^[1-9]\d{0,3}$/),
  'texts by a pattern that fast-check does not know': z.string().regex(/^[^\p{C}]+$/u),
  'texts by length': z.string().min(2).max(4),
  formats: z.object({ a: z.email(), b: z.url(), c: z.uuid(), d: z.ipv4() }),
  'numbers with bounds': z.number().gt(0).lt(1),
  'whole numbers with a step': z.int().min(5).max(100).multipleOf(5),
  'any number': z.number(),
  booleans: z.boolean(),
  'literals and enums': z.tuple([z.literal(['a', 1, null]), z.enum(['b', 'c'])]),
  templates: z.templateLiteral(['day-', z.number().int()]),
  objects: z.strictObject({ a: z.int(), b: z.string().optional(), c: z.null() }),
  'objects with defaults': z.object({ a: z.int().default(1), b: z.object({}).prefault({}) }),
  arrays: z.array(z.int()).min(2).max(3),
  'arrays of one length': z.array(z.int()).length(4),
  records: z.record(z.string().regex(/^[a-c]$/), z.int()),
  'records by an enum': z.record(z.enum(['a', 'b']), z.int()),
  unions: z.union([z.int(), z.string()]),
  'unions with a part that cannot be made': z.union([z.instanceof(Date), z.string()]),
  'discriminated unions': z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('a'), a: z.int() }),
    z.strictObject({ kind: z.literal('b') }).refine(() => true),
  ]),
  intersections: z.intersection(z.object({ a: z.int() }), z.object({ b: z.int() })),
  nullable: z.int().nullable(),
  readonly: z.array(z.int()).readonly(),
  catch: z.int().catch(1),
  transforms: z.string().regex(/^\d$/).transform(Number).pipe(z.int().max(5)),
  preprocess: z.preprocess((it) => it ?? 1, z.int()),
  lazy: z.lazy(() => z.object({ leaf: z.int() })),
  refinements: z
    .object({ least: z.int().min(0).max(9), most: z.int().min(0).max(9) })
    .refine(({ least, most }) => least <= most),
  anything: z.unknown(),
}

describe('values for a schema', () => {
  it.each(Object.entries(schemas))('%s', (_, schema) => {
    const values = schemaArbitrary(schema, { path: 'event' })
    fc.assert(
      fc.property(values, (value) => {
        expect(schema.safeParse(value).error).toBeUndefined()
      }),
    )
    // Not one and the same.
    const made = new Set(fc.sample(values, 100).map((it) => JSON.stringify(it)))
    expect(made.size).toBeGreaterThan(1)
  })

  it.each<[path: string, schema: z.ZodType]>([
    ['event.at', z.object({ at: z.date() })],
    ['event.lines.*.id', z.object({ lines: z.array(z.object({ id: z.bigint() })) })],
    ['event.rates.*', z.object({ rates: z.record(z.string(), z.instanceof(Map)) })],
    [
      'event.rates.$key',
      z.object({
        rates: z.record(
          z.string().refine(() => false),
          z.int(),
        ),
      }),
    ],
    ['event', z.object({ a: z.int() }).refine(() => false)],
  ])('names %s where none can be made', (path, schema) => {
    const making = () => schemaArbitrary(schema, { path: 'event' })
    expect(making).toThrow(CannotMake)
    expect(making).toThrow(`no values can be made for ${path}:`)
  })

  it('takes what the author says instead, as far as the schema takes it', () => {
    const schema = z.object({ lines: z.array(z.object({ id: identifier() })).min(1) })
    const values = schemaArbitrary(schema, {
      path: 'event',
      arbitraries: { 'event.lines.*.id': fc.constantFrom('tea', 'not an id') },
    })
    for (const value of fc.sample(values, 20)) {
      for (const { id } of (value as z.output<typeof schema>).lines) expect(id).toBe('tea')
    }
  })

  it('puts tokens where a text may be anything', () => {
    const schema = z.object({ a: z.string(), b: text({ max: 64 }), c: z.string().regex(/^x$/) })
    const tokens = fc.constant('token-4f1c9e2b')
    const [value] = fc.sample(schemaArbitrary(schema, { path: 'event', tokens }), 1)
    expect(value).toEqual({ a: 'token-4f1c9e2b', b: 'token-4f1c9e2b', c: 'x' })
  })
})
