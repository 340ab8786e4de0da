import { isDeepStrictEqual } from 'node:util'
import fc, { type Arbitrary } from 'fast-check'
import { describe } from '../../isolation/call-plugin.js'
import { findJsonFault } from '../../isolation/find-json-fault.js'
import { CannotMake } from '../arbitrary/cannot-make.js'
import { schemaArbitrary } from '../arbitrary/schema-arbitrary.js'
import { makingOptions } from '../decision/decision-case.js'
import { findCase } from '../run/find-case.js'
import type { Check, Found } from '../run/finding.js'
import type { Session } from '../run/session.js'
import { observe } from '../watch/observe.js'
import { RUBBISH, spoilt, withBrokenText } from './rubbish.js'
import { type NamedSchema, schemasOf } from './schemas-of.js'

/** What holds for every schema of every plugin. */
export const inputChecks: readonly Check<Session>[] = [
  {
    name: 'inputs-can-be-made',
    means: {
      en: 'the kit can make values for every schema, with `arbitraries` where a schema does not tell how',
      zh: '测试套件能为每个 schema 生成数据；无法推断处由 `arbitraries` 指定',
    },
    find(session) {
      for (const { path, schema } of schemasOf(session.plugin)) {
        try {
          schemaArbitrary(schema, makingOptions(session, path))
        } catch (error) {
          if (error instanceof CannotMake) return { fault: error.message }
          throw error
        }
      }
      return undefined
    },
  },
  {
    name: 'bad-input-is-refused',
    means: {
      en: 'schemas refuse what is no input of theirs, and never throw, whatever comes',
      zh: 'schema 拒绝不合法的输入，且无论收到什么都不抛出异常',
    },
    find: (session) =>
      firstOf(
        session,
        ({ isInput }) => isInput,
        (named, inputs) => findBadInputTaken(session, named, inputs),
      ),
  },
  {
    name: 'broken-text-is-refused',
    means: {
      en: 'texts with halves of surrogate pairs are refused: no store and no screen can show them',
      zh: '含有半个代理对的文本被拒绝：任何存储和界面都无法显示',
    },
    find: (session) =>
      firstOf(
        session,
        ({ isInput }) => isInput,
        (named, inputs) => findBrokenTextTaken(session, named, inputs),
      ),
  },
  {
    name: 'schemas-make-json',
    means: {
      en: 'what a schema makes of its input is JSON, for it is stored',
      zh: 'schema 的输出必须是 JSON，因为它会被存储',
    },
    find: (session) =>
      firstOf(
        session,
        () => true,
        (named, inputs) =>
          findCase(session, inputs, (input) => {
            const read = readBy(session, named, input)
            return read.data === undefined ? undefined : findJsonFault(read.data, named.path)
          }),
      ),
  },
  {
    name: 'schemas-take-their-own-output',
    means: {
      en: 'a schema takes its own output again, and makes the same of it: what is stored is read by it',
      zh: 'schema 能再次接受自己的输出并得到相同结果：存储的内容由它读取',
    },
    find: (session) =>
      firstOf(
        session,
        () => true,
        (named, inputs) =>
          findCase(session, inputs, (input) => {
            const once = readBy(session, named, input)
            if (once.data === undefined) return undefined
            const stored = asStored(once.data)
            if (stored === undefined) return undefined
            const twice = readBy(session, named, stored)
            if (!twice.taken) return `${named.path} does not take its own output`
            return isDeepStrictEqual(asStored(twice.data), stored)
              ? undefined
              : `${named.path} makes something else of its own output`
          }),
      ),
  },
]

interface Read {
  /** Whether the schema made something of it; else it refused, or did what no schema may. */
  readonly taken: boolean
  readonly data?: unknown
  /** What no schema may do. */
  readonly fault?: string
}

function readBy(session: Session, { path, schema }: NamedSchema, input: unknown): Read {
  const seen = observe(session, `${path} schema`, () => schema.safeParse(input))
  if (seen.outcome === 'hung') return { taken: false, fault: `${path} never came back` }
  if (seen.outcome === 'threw') {
    return { taken: false, fault: `${path} threw ${describe(seen.error)}` }
  }
  const { success, data } = seen.answer as { success: boolean; data?: unknown }
  return success ? { taken: true, data } : { taken: false }
}

/** The first fault of any schema; one that no values can be made for is passed over. */
function firstOf(
  session: Session,
  concerns: (named: NamedSchema) => boolean,
  find: (named: NamedSchema, inputs: Arbitrary<unknown>) => Found,
): Found {
  for (const named of schemasOf(session.plugin).filter(concerns)) {
    const inputs = inputsOf(session, named)
    const found = inputs && find(named, inputs)
    if (found) return found
  }
  return undefined
}

function inputsOf(session: Session, { path, schema }: NamedSchema): Arbitrary<unknown> | undefined {
  try {
    return schemaArbitrary(schema, makingOptions(session, path))
  } catch (error) {
    if (error instanceof CannotMake) return undefined
    throw error
  }
}

function findBadInputTaken(
  session: Session,
  named: NamedSchema,
  inputs: Arbitrary<unknown>,
): Found {
  const takes = RUBBISH.filter((it) => readBy(session, named, it).taken)
  // One of them can be right (a schema of texts, one with a default); all of them cannot.
  if (takes.length === RUBBISH.length) return { fault: `${named.path} takes anything` }
  return findCase(session, spoilt(inputs), (input) => {
    const { fault } = readBy(session, named, input)
    if (!('polluted' in Object.prototype)) return fault
    // Else whatever is read afterwards, by whatever plugin, would be to blame.
    delete Object.prototype.polluted
    return `${named.path} changes what every object has`
  })
}

function findBrokenTextTaken(
  session: Session,
  named: NamedSchema,
  inputs: Arbitrary<unknown>,
): Found {
  return findCase(session, fc.tuple(inputs, fc.nat()), ([input, at]) => {
    const { data } = readBy(session, named, withBrokenText(input, at))
    return hasBrokenText(data) ? `${named.path} takes a text that is broken` : undefined
  })
}

function hasBrokenText(value: unknown): boolean {
  if (typeof value === 'string') return /\p{Cs}/u.test(value)
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some(hasBrokenText)
}

/** A value as it comes back from a database; undefined: it is none that could be written. */
function asStored(value: unknown): unknown {
  return findJsonFault(value, 'it') === undefined ? JSON.parse(JSON.stringify(value)) : undefined
}
