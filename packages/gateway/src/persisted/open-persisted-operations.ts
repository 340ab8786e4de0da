import { GraphQLError } from 'graphql'
import { LRUCache } from 'lru-cache'
import { type KnownOperations, sha256 } from './known-operations.js'

/** Characters of all operations kept: some 10,000 of a usual length. */
const MAX_CHARACTERS = 8_388_608
const SHA256 = /^[0-9a-f]{64}$/
const MAX_ID = 200

/** What was sent to be run: the text, or in `extensions.persistedQuery` what stands for it, or both. */
export interface SentOperation {
  readonly query?: unknown
  readonly extensions?: unknown
}

/** Why it is not run; code and message as a client gets them. */
export interface SentFault {
  readonly code: 'BAD_REQUEST' | 'OPERATION_NOT_KNOWN'
  readonly message: string
}

/**
 * Operations that a client names by their SHA-256 instead of sending them: by Apollo's protocol, in which
 * a client that gets PERSISTED_QUERY_NOT_FOUND sends text and hash once. A text is kept only after it
 * was checked like any other, under a hash that is its own: nobody can put something else there. Where
 * there are known operations, those and no others are run, and nothing is added to them.
 */
export interface PersistedOperations {
  /** What is wrong with what was sent, before it is read; undefined when nothing is. */
  checkSent(sent: SentOperation): SentFault | undefined
  /** The text for what stands in `extensions.persistedQuery`. */
  findText(id: string): string | undefined
  /** Keeps a text that was found fit to be run. */
  keep(hash: string, text: string): void
}

export function openPersistedOperations(known?: KnownOperations): PersistedOperations {
  return known ? onlyKnown(known) : openToAll()
}

/** What `extensions.persistedQuery` names; undefined when there is none. Whatever it is: from outside. */
export function findPersistedId(
  extensions: unknown,
): { id: unknown; version: unknown } | undefined {
  if (typeof extensions !== 'object' || extensions === null) return undefined
  const { persistedQuery } = extensions as { persistedQuery?: unknown }
  if (persistedQuery === undefined || persistedQuery === null) return undefined
  const { sha256Hash, version } = Object(persistedQuery) as Record<string, unknown>
  return { id: sha256Hash, version }
}

/** What tells a client by Apollo's protocol to send the text too. */
export function persistedQueryNotFound(): GraphQLError {
  return new GraphQLError('PersistedQueryNotFound', {
    extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' },
  })
}

function openToAll(): PersistedOperations {
  const texts = new LRUCache<string, string>({
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (text) => text.length + 64,
  })
  return {
    checkSent: (sent) => checkId(sent, (id) => SHA256.test(id)),
    findText: (id) => texts.get(id),
    keep(hash, text) {
      if (sha256(text) === hash) texts.set(hash, text)
    },
  }
}

function onlyKnown(known: KnownOperations): PersistedOperations {
  return {
    checkSent(sent) {
      const { query } = sent
      if (typeof query === 'string' && query !== '' && !known.has(query)) {
        return {
          code: 'OPERATION_NOT_KNOWN',
          message: 'This server answers only the operations that it was given beforehand.',
        }
      }
      return checkId(sent, (id) => id.length <= MAX_ID)
    },
    findText: (id) => known.findText(id),
    keep() {},
  }
}

function checkId(
  { query, extensions }: SentOperation,
  isId: (id: string) => boolean,
): SentFault | undefined {
  const persisted = findPersistedId(extensions)
  if (!persisted) return undefined
  if (persisted.version !== 1) return wrong('`extensions.persistedQuery.version` is 1.')
  const { id } = persisted
  if (typeof id !== 'string' || !isId(id)) {
    return wrong(
      '`extensions.persistedQuery.sha256Hash` is the SHA-256 of the operation, in 64 small hexadecimal digits.',
    )
  }
  if (typeof query !== 'string' || query === '') return undefined
  return sha256(query) === id
    ? undefined
    : wrong('`extensions.persistedQuery.sha256Hash` is not the SHA-256 of the operation sent.')
}

function wrong(message: string): SentFault {
  return { code: 'BAD_REQUEST', message }
}
