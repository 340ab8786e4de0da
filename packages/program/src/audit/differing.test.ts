import type { Json, JsonObject } from '@pointwell/ledger'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { differing } from './differing.js'

it('shows what was, what is, what came and what went, and nothing else', () => {
  const before = { a: 1, same: { x: [1] }, gone: true, deep: { kept: 1, n: { m: 'old' } }, l: [1] }
  const after = {
    a: 2,
    same: { x: [1] },
    come: null,
    deep: { kept: 1, n: { m: 'new' } },
    l: [1, 2],
  }
  expect(differing(before, after)).toEqual({
    before: { a: 1, gone: true, deep: { n: { m: 'old' } }, l: [1] },
    after: { a: 2, come: null, deep: { n: { m: 'new' } }, l: [1, 2] },
  })
})

it('does not mind in what order fields were written down', () => {
  const before = { list: [{ a: 1, b: 2 }], o: { c: 1, d: 2 } }
  const after = { o: { d: 2, c: 1 }, list: [{ b: 2, a: 1 }] }
  expect(differing(before, after)).toEqual({ before: {}, after: {} })
})

it('tells an empty part that came from none', () => {
  expect(differing({}, { part: {} })).toEqual({ before: {}, after: { part: {} } })
})

/** What is there now, made of what was there before and of what differs. */
function changed(document: JsonObject, was: JsonObject, is: JsonObject): JsonObject {
  const result: Record<string, unknown> = { ...document }
  for (const key of new Set([...Object.keys(was), ...Object.keys(is)])) {
    const [old, next, here] = [was[key], is[key], document[key]].map((it) =>
      it !== null && typeof it === 'object' && !Array.isArray(it) ? (it as JsonObject) : undefined,
    )
    if (old && next && here) result[key] = changed(here, old, next)
    else if (Object.hasOwn(is, key)) result[key] = is[key]
    else delete result[key]
  }
  return result as JsonObject
}

it('says enough to make the one of the other', () => {
  const key = fc.constantFrom('a', 'b', 'c')
  const { document } = fc.letrec<{ document: JsonObject; value: Json }>((tie) => ({
    document: fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<Json>(null, 1, 'x'),
      fc.array(fc.constantFrom<Json>(1, 2), { maxLength: 2 }),
      tie('document'),
    ),
  }))
  fc.assert(
    fc.property(document, document, (before, after) => {
      const parts = differing(before, after)
      expect(changed(before, parts.before, parts.after)).toEqual(after)
      expect(changed(after, parts.after, parts.before)).toEqual(before)
    }),
  )
})
