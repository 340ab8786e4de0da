/** One request of the reference, with the answer that stands under it. */
export interface Example {
  /** The heading it stands under. */
  readonly title: string
  /** Whose token sends it: the word after `graphql` on the fence. */
  readonly role: string
  readonly query: string
  readonly variables: Record<string, unknown>
  readonly answer: unknown
  /** Where the text of the answer stands in the page, for rewriting it. */
  readonly answerAt: { readonly from: number; readonly to: number }
}

const FENCE = /^```(\w+)(?: (\w+))?\n([\s\S]*?)^```$/gm

/**
 * Reads a page of examples: a fence `graphql ROLE`, perhaps a fence `json variables`, and a fence
 * `json answer`. A request without an answer, or an answer without a request, is an error.
 */
export function readExamples(page: string): Example[] {
  const examples: Example[] = []
  let open: { role: string; query: string; variables: Record<string, unknown> } | undefined
  for (const match of page.matchAll(FENCE)) {
    const [fence, language, word, text] = match as unknown as [string, string, string, string]
    if (language === 'graphql') {
      if (open) throw new Error(`a request has no answer: ${open.query}`)
      open = { role: word ?? 'anonymous', query: text, variables: {} }
    } else if (language === 'json' && word === 'variables') {
      if (!open) throw new Error(`variables without a request: ${text}`)
      open.variables = JSON.parse(text)
    } else if (language === 'json' && word === 'answer') {
      if (!open) throw new Error(`an answer without a request: ${text}`)
      const from = match.index + fence.indexOf('\n') + 1
      examples.push({
        title: titleBefore(page, match.index),
        ...open,
        answer: text.trim() === '' ? undefined : JSON.parse(text),
        answerAt: { from, to: from + text.length },
      })
      open = undefined
    }
  }
  if (open) throw new Error(`a request has no answer: ${open.query}`)
  return examples
}

function titleBefore(page: string, index: number): string {
  const titles = page.slice(0, index).match(/^#+ .+$/gm)
  return titles?.at(-1)?.replace(/^#+ /, '') ?? ''
}

/** What an answer may say instead of a value that is new each time: an id, a code, a cursor. */
const ANY = '…'

/** The answer with `…` wherever the page says `…` too. */
export function blur(found: unknown, page: unknown): unknown {
  if (page === ANY && (typeof found === 'string' || typeof found === 'number')) return ANY
  if (Array.isArray(found) && Array.isArray(page)) {
    return found.map((item, place) => blur(item, page[place]))
  }
  if (isObject(found) && isObject(page)) {
    return Object.fromEntries(
      Object.entries(found).map(([key, value]) => [key, blur(value, page[key])]),
    )
  }
  return found
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
