import { createHash } from 'node:crypto'
import {
  type GraphQLSchema,
  Kind,
  parse,
  print,
  separateOperations,
  stripIgnoredCharacters,
  validate,
} from 'graphql'
import type { Limits } from '../limits/limits.js'
import { validationRules } from '../limits/validation-rules.js'

/** An operation that a server answers when it answers no others. */
export interface KnownOperation {
  /** What a client may send in its stead, besides the SHA-256 of its text. */
  readonly id?: string
  readonly text: string
  /** Where it comes from, for whoever has to mend it: `cart.graphql`. */
  readonly from: string
}

/** Operations that were given as known cannot be run; `faults` names each with where it comes from. */
export class KnownOperationFault extends Error {
  override readonly name = 'KnownOperationFault'
  constructor(readonly faults: readonly string[]) {
    super(`The known operations cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
  }
}

interface ServerTerms {
  readonly schema: GraphQLSchema
  readonly limits: Limits
  readonly introspection: boolean
}

export interface KnownOperations {
  /** The text for an id, or for the SHA-256 of a text. */
  findText(id: string): string | undefined
  /** Whether this is one of them, written with whatever blanks and line ends. */
  has(text: string): boolean
}

/**
 * Throws `KnownOperationFault` with every fault: no operations at all, what the schema or the limits do
 * not allow, an id that stands for two. Of a text with several operations each is known by itself too,
 * as clients send it.
 */
export function openKnownOperations(
  operations: readonly KnownOperation[],
  server: ServerTerms,
): KnownOperations {
  const faults = operations.flatMap((operation) => findFaults(operation, server))
  if (operations.length === 0) faults.push('there are none')
  const byId = new Map<string, string>()
  const texts = new Set<string>()
  for (const { id, text, from } of operations) {
    if (id === undefined) continue
    const other = byId.get(id)
    if (other !== undefined && other !== text) faults.push(`${from}: the id ${id} stands for two`)
    byId.set(id, text)
  }
  if (faults.length > 0) throw new KnownOperationFault(faults)
  for (const { text } of operations) {
    for (const written of [text, ...textsOfEach(text)]) {
      byId.set(sha256(written), written)
      texts.add(stripIgnoredCharacters(written))
    }
  }
  return {
    findText: (id) => byId.get(id),
    has: (text) => byId.has(sha256(text)) || texts.has(stripped(text)),
  }
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function findFaults(
  { text, from }: KnownOperation,
  { schema, limits, introspection }: ServerTerms,
): string[] {
  if (text.length > limits.queryCharacters) {
    return [`${from}: longer than ${limits.queryCharacters} characters`]
  }
  try {
    const document = parse(text, { maxTokens: limits.tokens })
    if (!document.definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION)) {
      return [`${from}: has no operation`]
    }
    const rules = validationRules({ limits, introspection })
    return validate(schema, document, rules).map(({ message }) => `${from}: ${message}`)
  } catch (error) {
    return [`${from}: ${(error as Error).message}`]
  }
}

function textsOfEach(text: string): string[] {
  return Object.values(separateOperations(parse(text))).map((document) => print(document))
}

/** Without blanks and comments; what is no GraphQL at all stays as it is, and is none of them. */
function stripped(text: string): string {
  try {
    return stripIgnoredCharacters(text)
  } catch {
    return text
  }
}
