import type { JsonObject, LedgerRecord, LedgerTransaction, Retelling } from '@pointwell/ledger'
import { AUDIT } from '../audit/audit-notices.js'
import { type OtherWords, withoutTexts } from './other-words.js'

/** Of the erased member's own wallet: figures and words of the programme stay, and nothing that was asked
 * for, or written freely. */
export function ownRetelling(words: OtherWords, pseudonym: string): Retelling {
  const told = (value: JsonObject) => withoutTexts(words.json(value))
  return {
    transaction: (tx) => ({
      ...said(tx, words),
      content: {},
      explanation: withoutTexts(words.json(tx.explanation as never)),
      result: withoutTexts(words.json(tx.result)),
    }),
    record: ({ kind, ref, body }) => ({
      ref: words.text(ref),
      body: withoutPerson(kind, told(body), pseudonym),
      dueAt: null,
    }),
    ref: words.text,
    memo: () => ({}),
    notice: (topic, body) => (topic === AUDIT ? { ...told(body), reason: null } : null),
  }
}

/** Of another member's wallet, whose history names the erased one: nothing else is changed in it. */
export function othersRetelling(words: OtherWords): Retelling {
  return {
    transaction: (tx) => ({
      ...said(tx, words),
      content: words.json(tx.content),
      explanation: words.json(tx.explanation as never),
      result: words.json(tx.result),
    }),
    record: ({ ref, body, dueAt }: LedgerRecord) => ({
      ref: words.text(ref),
      body: words.json(body),
      dueAt,
    }),
    ref: words.text,
    memo: words.json,
    notice: (_topic, body) => words.json(body),
  }
}

/** A key that names the member can be anything from now on, as long as nobody else has it: what it was for
 * cannot be asked again. */
function said({ key, reason, wallet, version }: LedgerTransaction, words: OtherWords) {
  return {
    key: words.names(key) ? `erased/${wallet}/${version}` : key,
    reason: words.text(reason),
  }
}

/** What a record keeps of the person besides names. */
function withoutPerson(kind: string, body: JsonObject, pseudonym: string): JsonObject {
  if (kind === 'redemption') return { ...body, order: null, receipt: null }
  if (!kind.startsWith('earn:')) return body
  const { facts, seen: _, ...rest } = body as JsonObject & { facts?: JsonObject }
  return {
    ...rest,
    memory: {},
    ...(facts && {
      facts: { ...facts, id: pseudonym, joinedAt: 0, birthday: null, region: null, segments: [] },
    }),
  }
}
