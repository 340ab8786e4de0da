import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readBySchema } from './read-by-schema.js'
import { wordsSchema } from './words-schema.js'

/** How zod begins its own texts. */
const OF_ZOD = /^(Invalid|Too (big|small)|Unrecognized)/

function faults(schema: z.ZodType, value: unknown): string[] {
  const { error } = readBySchema(schema, value)
  return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []
}

/** Every schema that takes no value of its list, and what it says. */
const cases: [string, z.ZodType, unknown, string][] = [
  ['what is missing', z.string(), undefined, 'Expected text; it is missing.'],
  ['null', z.string(), null, 'Expected text, not null.'],
  ['a number', z.string(), 5, 'Expected text, not a number.'],
  ['a list', z.boolean(), [], 'Expected true or false, not a list.'],
  ['an object', z.array(z.string()), {}, 'Expected a list, not an object.'],
  ['a text', z.object({}), 'x', 'Expected an object, not text.'],
  ['a text for a record', z.record(z.string(), z.int()), 'x', 'Expected an object, not text.'],
  ['a fraction', z.int(), 1.5, 'Expected a whole number, not a fraction.'],
  ['a number for a fraction', z.string(), 1.5, 'Expected text, not a number.'],
  ['what is no number', z.number(), Number.NaN, 'Expected a number, not NaN.'],
  ['too many digits', z.int(), 2 ** 60, 'Expected at most 9007199254740991.'],
  ['a date', z.null(), new Date(0), 'Expected null, not a date.'],
  ['anything for nothing', z.never(), 1, 'Expected nothing, not a number.'],
  ['another class', z.instanceof(URL), 1, 'Expected a value of the type URL, not a number.'],
  ['too small a number', z.number().min(1), 0, 'Expected at least 1.'],
  ['one that is not above', z.number().positive(), 0, 'Expected more than 0.'],
  ['too big a number', z.number().max(9), 10, 'Expected at most 9.'],
  ['one that is not below', z.number().lt(9), 9, 'Expected less than 9.'],
  ['too big a whole number', z.bigint().max(9n), 10n, 'Expected at most 9.'],
  [
    'too early a date',
    z.date().min(new Date(0)),
    new Date(-1),
    'Expected at least 1970-01-01T00:00:00.000Z.',
  ],
  ['an odd number', z.number().multipleOf(2), 3, 'Expected a multiple of 2.'],
  ['an empty text', z.string().min(1), '', 'Expected at least 1 character.'],
  ['a long text', z.string().max(2), 'abc', 'Expected at most 2 characters.'],
  ['a text of another length', z.string().length(2), 'abc', 'Expected exactly 2 characters.'],
  ['a short list', z.array(z.int()).min(2), [1], 'Expected at least 2 items.'],
  ['a long list', z.array(z.int()).max(1), [1, 2], 'Expected at most 1 item.'],
  ['a small map', z.map(z.string(), z.int()).min(2), new Map(), 'Expected at least 2 entries.'],
  ['another word', z.literal('a'), 'b', 'Expected "a".'],
  ['none of some words', z.enum(['a', 'b']), 'c', 'Expected one of "a", "b".'],
  ['none of some values', z.literal([1, null, 2n]), 'c', 'Expected one of 1, null, 2.'],
  ['another pattern', z.string().regex(/^a$/), 'b', 'Expected text that fits /^a$/.'],
  ['another beginning', z.string().startsWith('a'), 'b', 'Expected text that begins with "a".'],
  ['another end', z.string().endsWith('a'), 'b', 'Expected text that ends with "a".'],
  ['a text without', z.string().includes('a'), 'b', 'Expected text with "a" in it.'],
  ['no address', z.url(), 'b', 'Expected an address such as `https://example.com`.'],
  ['no mail', z.email(), 'b', 'Expected an e-mail address.'],
  ['no day', z.iso.date(), 'b', 'Expected a day such as `2026-01-05`.'],
  ['no moment', z.iso.datetime(), 'b', 'Expected a moment such as `2026-01-05T12:00:00Z`.'],
  ['a rarer format', z.cuid2(), '-', 'Expected text of the format cuid2.'],
  ['an unknown field', z.strictObject({}), { a: 1 }, 'Expected no field `a`.'],
  ['unknown fields', z.strictObject({}), { a: 1, b: 2 }, 'Expected no field `a`, `b`.'],
  [
    'another key',
    z.record(z.iso.date(), z.int()),
    { a: 1 },
    'Expected another key: a day such as `2026-01-05`.',
  ],
  [
    'a missing key',
    z.record(z.enum(['a']), z.int()),
    {},
    'Expected a whole number; it is missing.',
  ],
  [
    'another element',
    z.map(z.date(), z.int()),
    new Map([[new Date(0), 'x']]),
    'Expected another element: a whole number, not text.',
  ],
  ['none of some types', z.union([z.string(), z.int()]), null, 'Expected text or a whole number.'],
  [
    'a name of no shape',
    z.discriminatedUnion('is', [z.object({ is: z.literal('a') })]),
    { is: 'b' },
    'Expected "a".',
  ],
  [
    'almost one of some shapes',
    z.union([z.strictObject({ days: z.int() }), z.strictObject({ until: z.iso.date() })]),
    { days: 'x' },
    'Expected another shape, such as with `days`: a whole number, not text.',
  ],
  [
    'more than one shape',
    z.xor([z.string(), z.string()]),
    'a',
    'Expected what only one of several schemas takes.',
  ],
  ['what a rule refuses', z.string().refine(() => false), 'a', 'Expected another value.'],
]

describe('what a schema finds at fault', () => {
  it.each(cases)('says what was expected of %s', (_, schema, value, text) => {
    const { error } = readBySchema(schema, value)
    expect(error!.issues.map(({ message }) => message)).toEqual([text])
  })

  it('leaves a schema the texts of its own', () => {
    const own = z.string({ error: 'Expected a name.' }).refine(() => false, { error: 'Not that.' })
    expect(faults(own, 5)).toEqual([': Expected a name.'])
    expect(faults(own, 'x')).toEqual([': Not that.'])
    expect(faults(z.object({ a: own }), {})).toEqual(['a: Expected a name.'])
  })

  it('says where', () => {
    expect(faults(z.object({ words: wordsSchema }), { words: { en: '', fr: 1 } })).toEqual([
      'words.en: Expected at least 1 character.',
      'words.zh: Expected text; it is missing.',
      'words: Expected no field `fr`.',
    ])
  })

  it('changes nothing for whoever reads with zod itself', () => {
    readBySchema(z.string(), 5)
    expect(z.string().safeParse(5).error!.issues[0]!.message).toMatch(OF_ZOD)
    expect(z.config().customError).toBeUndefined()
  })

  it('has a sentence of its own for whatever is read by whatever schema', () => {
    const schemas = cases.map(([, schema]) => schema)
    const schema = fc
      .constantFrom(...schemas)
      .chain((one) =>
        fc
          .constantFrom(...schemas)
          .map((other) =>
            z.union([z.strictObject({ one, other: z.array(other) }), z.tuple([one, other]), other]),
          ),
      )
    const value = fc.oneof(
      fc.anything({ withDate: true, withMap: true, withBigInt: true }),
      fc.record({ one: fc.anything(), other: fc.array(fc.anything()) }),
      fc
        .constantFrom(...cases)
        .chain(([, , one]) =>
          fc.constantFrom(...cases).map(([, , other]) => ({ one, other: [other] })),
        ),
    )
    fc.assert(
      fc.property(schema, value, (it, given) => {
        for (const { message } of readBySchema(it, given).error?.issues ?? []) {
          expect(message).toMatch(/^Expected .+\.$/s)
          expect(message).not.toMatch(/Invalid|Too (big|small)|Unrecognized|undefined|\[object/)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})
