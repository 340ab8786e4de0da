import { badUserInput } from '@pointwell/ledger/graphql'
import { type DocumentNode, type GraphQLError, visit } from 'graphql'
import { fieldOf } from '../faults/field-of.js'
import { limitExceeded } from './limit-exceeded.js'
import type { Limits } from './limits.js'

/** Control characters but tab and line ends, and halves of characters: no name or note has them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]|\p{Surrogate}/u

const MAX_DEPTH = 32

/** What is wrong with a text that came in, wherever it stands; undefined when nothing is. */
function findTextFault(text: string, field: string, mostCharacters: number) {
  if (text.length > mostCharacters) {
    const fault = limitExceeded(
      'textCharacters',
      `A text in the input is longer than ${mostCharacters} characters.`,
    )
    fault.extensions.field = field
    return fault
  }
  if (UNPRINTABLE.test(text)) {
    return badUserInput('A text in the input has control characters or halves of characters.', {
      field,
    })
  }
  return undefined
}

/**
 * Throws for a text in the variables, names of fields included, that is too long or unprintable, for a
 * list that is too long, and for variables nested deeper than any input is.
 */
export function assertVariables(
  variables: Readonly<Record<string, unknown>>,
  { textCharacters: mostCharacters, listItems }: Pick<Limits, 'textCharacters' | 'listItems'>,
): void {
  const path: (string | number)[] = []
  walk(variables)

  function walk(value: unknown): void {
    if (path.length > MAX_DEPTH) {
      throw badUserInput('The variables are nested too deeply.', { field: String(path[0]) })
    }
    if (typeof value === 'string') {
      assertText(value)
    } else if (Array.isArray(value)) {
      if (value.length > listItems) throw listTooLong()
      for (let place = 0; place < value.length; place++) walkInto(place, value[place])
    } else if (typeof value === 'object' && value !== null) {
      for (const key of Object.keys(value)) {
        assertText(key)
        walkInto(key, (value as Record<string, unknown>)[key])
      }
    }
  }

  function walkInto(step: string | number, value: unknown): void {
    path.push(step)
    walk(value)
    path.pop()
  }

  function listTooLong(): GraphQLError {
    const fault = limitExceeded(
      'listItems',
      `A list in the input has more than ${listItems} items.`,
    )
    fault.extensions.field = path.join('.')
    return fault
  }

  function assertText(text: string): void {
    if (isFine(text, mostCharacters)) return
    throw findTextFault(text, path.join('.'), mostCharacters)
  }
}

function isFine(text: string, mostCharacters: number): boolean {
  return text.length <= mostCharacters && !UNPRINTABLE.test(text)
}

/** The same for the texts written into the operation itself. */
export function findTextFaultOfDocument(
  document: DocumentNode,
  mostCharacters: number,
): GraphQLError | undefined {
  let found: GraphQLError | undefined
  visit(document, {
    StringValue(node, _key, parent, _path, ancestors) {
      if (found) return
      found = findTextFault(
        node.value,
        fieldOf([...ancestors, parent!, node]) || 'query',
        mostCharacters,
      )
    },
  })
  return found
}
