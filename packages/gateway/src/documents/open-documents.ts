import { type DocumentNode, GraphQLError, type GraphQLSchema, parse, validate } from 'graphql'
import { LRUCache } from 'lru-cache'
import { nameField } from '../faults/name-field.js'
import { limitExceeded, nestedTooDeeply } from '../limits/limit-exceeded.js'
import type { Limits } from '../limits/limits.js'
import { validationOptions, validationRules } from '../limits/validation-rules.js'

/** Characters of all texts kept: clients come with the same few. What is made of a character takes some 130
 * bytes, of very dense texts twice as much. */
const MAX_CHARACTERS = 1_048_576
/** What is made of even the shortest text, in characters. */
const SHORTEST = 64

type Read = { readonly document: DocumentNode } | { readonly faults: readonly GraphQLError[] }

/** Operations by their texts, each read and validated once: over sockets here, over HTTP by Apollo Server,
 * by the same rules. */
export interface Documents {
  /** What was read and found fit to be run. */
  find(text: string): DocumentNode | undefined
  /** Keeps what was found fit to be run. */
  keep(text: string, document: DocumentNode): void
  read(text: unknown): Read
}

export function openDocuments({
  schema,
  limits,
  introspection,
}: {
  schema: GraphQLSchema
  limits: Limits
  introspection: boolean
}): Documents {
  const rules = validationRules({ limits, introspection })
  const terms = validationOptions({ introspection })
  const documents = new LRUCache<string, DocumentNode>({
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (_document, text) => text.length + SHORTEST,
  })

  return {
    find: (text) => documents.get(text),
    keep(text, document) {
      documents.set(text, document)
    },
    read(text) {
      if (typeof text !== 'string') {
        return faulty([new GraphQLError('The operation is text: `query`.')], 'GRAPHQL_PARSE_FAILED')
      }
      const known = documents.get(text)
      if (known) return { document: known }
      let document: DocumentNode
      try {
        document = parseWithin(text, limits)
      } catch (error) {
        return faulty([asGraphQLError(nestedTooDeeply(error))], 'GRAPHQL_PARSE_FAILED')
      }
      const faults = validate(schema, document, rules, terms)
      if (faults.length > 0) {
        for (const fault of faults) nameField(fault, document)
        return faulty(faults, 'GRAPHQL_VALIDATION_FAILED')
      }
      documents.set(text, document)
      return { document }
    },
  }
}

function parseWithin(text: string, limits: Limits): DocumentNode {
  if (text.length > limits.queryCharacters) {
    throw limitExceeded(
      'queryCharacters',
      `The operation is longer than ${limits.queryCharacters} characters.`,
    )
  }
  return parse(text, { maxTokens: limits.tokens })
}

function faulty(faults: readonly GraphQLError[], code: string): Read {
  for (const fault of faults) fault.extensions.code ??= code
  return { faults }
}

/** What is no GraphQL error at all is a fault of ours. */
export function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error
  return new GraphQLError(String(error), {
    originalError: error instanceof Error ? error : undefined,
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  })
}
