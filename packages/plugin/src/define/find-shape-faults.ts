import valid from 'semver/functions/valid.js'
import validRange from 'semver/ranges/valid.js'
import { z } from 'zod'
import { wordsSchema } from '../schema/words-schema.js'
import { PLUGIN_ID, REFUSAL_CODE } from './plugin-ids.js'

type Shape = Readonly<Record<string, unknown>>

const KINDS = ['earn-source', 'redemption-channel', 'risk-rule', 'notifier'] as const

/**
 * Everything about a plugin that can be seen to be wrong without looking at any other: each fault one
 * sentence in English. Takes anything, because a plugin may come from plain JavaScript.
 */
export function findShapeFaults(plugin: unknown): string[] {
  if (typeof plugin !== 'object' || plugin === null)
    return [`it is not a plugin but ${typeof plugin}`]
  const shape = plugin as Shape
  return [...baseFaults(shape), ...kindFaults(shape)]
}

function baseFaults(shape: Shape): string[] {
  return [
    ...must(
      typeof shape.id === 'string' && PLUGIN_ID.test(shape.id),
      'its id must be lower-case words joined by hyphens, at most 40 characters',
    ),
    ...must(
      typeof shape.version === 'string' && valid(shape.version) !== null,
      'its version must be a semantic version such as 1.0.0',
    ),
    ...must(
      typeof shape.contract === 'string' &&
        shape.contract !== '' &&
        validRange(shape.contract) !== null,
      'its contract must be a range of versions such as ^1.0.0',
    ),
    ...must(isWords(shape.title), 'its title must say something in every language (en, zh)'),
    ...must(isSchema(shape.settings), 'its settings must be a zod schema'),
    ...wordsFaults('word', shape.words),
    ...wordsFaults('refusal', shape.refusals),
    ...Object.keys(isRecord(shape.refusals) ? shape.refusals : {}).flatMap((code) =>
      must(REFUSAL_CODE.test(code), `its refusal code ${code} must be SCREAMING_SNAKE_CASE`),
    ),
    ...listFaults('resolvers', shape.resolvers),
    ...listFaults('entities', shape.entities),
    ...listFaults('migrations', shape.migrations),
    ...must(
      shape.members === undefined || isMemberChanges(shape.members),
      'its members must be an object with erased(), merged() and, if at all, namedBy()',
    ),
    ...fileFaults(shape.files),
    ...must(
      shape.jobs === undefined || areJobs(shape.jobs),
      'its jobs must be a list of { name, title, everyMs, run() }, with names of at most 20 characters, each once, and at least 1,000 ms from one run to the next',
    ),
  ]
}

function kindFaults(shape: Shape): string[] {
  const needs = (name: string, right: (value: unknown) => boolean, what: string) =>
    must(right(shape[name]), `its ${name} must be ${what}`)
  const may = (name: string, right: (value: unknown) => boolean, what: string) =>
    shape[name] === undefined ? [] : needs(name, right, what)

  switch (shape.kind) {
    case 'earn-source':
      return [
        ...needs('core', (value) => typeof value === 'boolean', 'true or false (E7)'),
        ...needs('event', isSchema, 'a zod schema'),
        ...needs('memory', isSchema, 'a zod schema'),
        ...needs(
          'scope',
          (value) => value === 'member' || value === 'programme',
          "'member' or 'programme'",
        ),
        ...needs('once', isFunction, 'a function'),
        ...may('join', isFunction, 'a function'),
        ...may('asks', isFunction, 'a function'),
        ...may('leadsTo', isFunction, 'a function'),
        ...may('tasks', isFunction, 'a function'),
        ...needs('decide', isFunction, 'a function'),
        ...may('items', isFunction, 'a function'),
        ...may('behaviours', isFunction, 'a function'),
        ...may('returns', isReturns, 'an object with a schema, key() and without()'),
        ...may('reacts', isReacts, 'an object with to, a list of ids of sources, and with()'),
        ...(isSchema(shape.memory)
          ? must(
              parsesEmpty(shape.memory),
              'its memory must have a default for every field, so that a member without a past has one',
            )
          : []),
      ]
    case 'redemption-channel':
      return [
        ...needs('loop', (value) => value === 'closed' || value === 'open', "'closed' or 'open'"),
        ...needs('offer', isSchema, 'a zod schema'),
        ...needs('order', isSchema, 'a zod schema'),
        ...may('check', isFunction, 'a function'),
        ...needs('fulfil', isFunction, 'a function'),
        ...may('cancel', isFunction, 'a function'),
      ]
    case 'risk-rule':
      return needs('assess', isFunction, 'a function')
    case 'notifier':
      return needs('deliver', isFunction, 'a function')
    default:
      return [`its kind must be one of ${KINDS.join(', ')}`]
  }
}

function must(right: boolean, fault: string): string[] {
  return right ? [] : [fault]
}

function isSchema(value: unknown): value is z.ZodType {
  return value instanceof z.ZodType
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}

function isRecord(value: unknown): value is Shape {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isWords(value: unknown): boolean {
  return wordsSchema.safeParse(value).success
}

function isReturns(value: unknown): boolean {
  return (
    isRecord(value) && isSchema(value.schema) && isFunction(value.key) && isFunction(value.without)
  )
}

function isMemberChanges(value: unknown): boolean {
  return (
    isRecord(value) &&
    isFunction(value.erased) &&
    isFunction(value.merged) &&
    (value.namedBy === undefined || isFunction(value.namedBy))
  )
}

/** Each has a name of its own, by which operators call it. */
function fileFaults(files: unknown): string[] {
  if (files === undefined) return []
  if (!Array.isArray(files) || !files.every(isPluginFile)) {
    return [
      'its files must be a list of objects with a name (lower-case words joined by hyphens), a line (a zod object), key(), take() and read()',
    ]
  }
  const names = files.map(({ name }: Shape) => name)
  return must(new Set(names).size === names.length, 'two of its files have the same name')
}

function isPluginFile(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value.name === 'string' &&
    PLUGIN_ID.test(value.name) &&
    value.line instanceof z.ZodObject &&
    isFunction(value.key) &&
    isFunction(value.take) &&
    isFunction(value.read)
  )
}

function areJobs(value: unknown): boolean {
  if (!Array.isArray(value)) return false
  const names = value.map((job: unknown) => (isRecord(job) ? job.name : undefined))
  return new Set(names).size === names.length && value.every(isJob)
}

function isJob(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value.name === 'string' &&
    PLUGIN_ID.test(value.name) &&
    value.name.length <= 20 &&
    isWords(value.title) &&
    Number.isSafeInteger(value.everyMs) &&
    Number(value.everyMs) >= 1_000 &&
    isFunction(value.run)
  )
}

function isReacts(value: unknown): boolean {
  return (
    isRecord(value) &&
    Array.isArray(value.to) &&
    value.to.every((id) => typeof id === 'string' && PLUGIN_ID.test(id)) &&
    isFunction(value.with)
  )
}

/** Whether a schema makes something of nothing: every field has a default. */
function parsesEmpty(schema: z.ZodType): boolean {
  try {
    return schema.safeParse({}).success
  } catch {
    return false // an asynchronous or throwing refinement; it could not be used in a decision either
  }
}

function wordsFaults(what: string, value: unknown): string[] {
  if (value === undefined) return []
  if (!isRecord(value)) return [`its ${what}s must be an object of words in every language`]
  return Object.entries(value).flatMap(([name, words]) =>
    must(isWords(words), `its ${what} ${name} must say something in every language (en, zh)`),
  )
}

function listFaults(what: string, value: unknown): string[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) return [`its ${what} must be a list`]
  return must(
    value.every((item) => isFunction(item) || (what === 'entities' && isRecord(item))),
    `its ${what} must be classes`,
  )
}
