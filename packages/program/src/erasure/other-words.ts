import type { Json, JsonObject } from '@pointwell/ledger'
import type { Identity } from '../member/member-rows.js'
import { pseudonymOf } from './pseudonym-of.js'

/** What a text or a document says once somebody's names in it are a pseudonym. */
export interface OtherWords {
  /** Whether the text names the member. */
  names(text: string): boolean
  text(text: string): string
  json<T extends Json | undefined>(value: T): T
}

/** Fields whose value is a member's id, whatever the id looks like. */
const FIELDS = [
  'memberId',
  'friend',
  'friendId',
  'referrer',
  'referrerId',
  'line',
  'giver',
  'receiver',
]

/**
 * Puts a pseudonym in place of a member's ids and identities, of each id its own: two that were merged may have
 * done what is called the same. An id that stands for nothing else (`C-1001`,
 * a phone) is found as a word of its own in any text. One that may as well be a figure or a word (`7`,
 * `gold`) is taken for the id only where ids stand: in the fields that hold one, and before a slash or after
 * a colon at the end of a name (`7/2026-01-05`, `reward:7`).
 */
export function otherWords(
  {
    ids,
    identities,
  }: { readonly ids: readonly string[]; readonly identities: readonly Identity[] },
  pseudonym: string,
): OtherWords {
  const byId = new Map(ids.map((id, place) => [id, pseudonymOf(pseudonym, place)]))
  const byText = new Map(
    [...identities.map(({ value }) => [value, pseudonym] as const), ...byId]
      .filter(([text]) => isUnmistakable(text))
      .flatMap(([text, by]) => [[text, by] as const, [withinName(text), by] as const]),
  )
  const patterns = [
    ...[...byText]
      .toSorted(([a], [b]) => b.length - a.length)
      .map(([text, by]) => ({
        pattern: new RegExp(`(?<![\\p{L}\\p{N}])${escaped(text)}(?![\\p{L}\\p{N}])`, 'gu'),
        by,
      })),
    ...[...byId]
      .filter(([id]) => !isUnmistakable(id))
      .flatMap(([id, by]) => [
        { pattern: new RegExp(`^${escaped(withinName(id))}(?=/)`, 'gu'), by },
        { pattern: new RegExp(`(?<=:)${escaped(withinName(id))}(?=/)`, 'gu'), by },
        { pattern: new RegExp(`(?<=:)${escaped(id)}$`, 'gu'), by },
      ]),
  ]
  const text = (value: string) =>
    patterns.reduce((said, { pattern, by }) => said.replaceAll(pattern, by), value)

  const inside = (value: Json | undefined, field: string | null): Json | undefined => {
    if (typeof value === 'string') {
      const isId = field !== null && FIELDS.includes(field)
      return (isId ? byId.get(value) : undefined) ?? text(value)
    }
    if (Array.isArray(value)) return value.map((item) => inside(item as Json, field)!)
    if (typeof value !== 'object' || value === null) return value
    const isFacts = Object.hasOwn(value, 'joinedAt')
    return Object.fromEntries(
      Object.entries(value as JsonObject).map(([name, item]) => [
        text(name),
        inside(item, isFacts && name === 'id' ? 'memberId' : name),
      ]),
    )
  }
  return {
    names: (value) => text(value) !== value,
    text,
    json: (value) => inside(value, null) as typeof value,
  }
}

/** Whether a text is so particular that nothing else is called so: figures of six digits or more, or four
 * characters that are not only letters. */
function isUnmistakable(text: string): boolean {
  if (/^[\d.,+-]*$/.test(text)) return text.length >= 6
  return text.length >= 4 && !/^[a-z_-]*$/i.test(text)
}

/** As `nameWithin` writes the first part of a name. */
function withinName(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('/', '%2F')
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

/** What of a document is figures and words of the programme's own; what somebody may have written freely is
 * an empty text. */
export function withoutTexts<T extends Json | undefined>(value: T): T {
  return strip(value) as T
}

const WORD = /^[!-~]{0,128}$/

function strip(value: Json | undefined): Json | undefined {
  if (typeof value === 'string') return WORD.test(value) ? value : ''
  if (Array.isArray(value)) return value.map((item) => strip(item as Json)!)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([name, item]) => [name, strip(item)]),
  )
}
