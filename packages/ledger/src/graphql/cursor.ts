import { badUserInput } from './faults.js'

/** What a cursor points at: the keys of a node in its list's order. */
export type CursorKeys = readonly (string | number)[]

/** An opaque cursor. `list` names the list it belongs to, so that another's cursor is refused. */
export function encodeCursor(list: string, keys: CursorKeys): string {
  return Buffer.from(JSON.stringify([list, ...keys])).toString('base64url')
}

/**
 * The keys in a cursor of this list, null without a cursor; `shape` says what each must be. Throws
 * BAD_USER_INPUT for anything that this list did not give out.
 */
export function assertCursor(
  list: string,
  shape: readonly ('string' | 'number')[],
  cursor: string | null | undefined,
  { field = 'after' } = {},
): CursorKeys | null {
  if (cursor === null || cursor === undefined) return null
  const [name, ...keys] = parse(cursor)
  const fits =
    name === list &&
    keys.length === shape.length &&
    keys.every((key, i) =>
      shape[i] === 'number' ? Number.isSafeInteger(key) : typeof key === 'string',
    )
  if (!fits) throw badUserInput('This is not a cursor of this list.', { field })
  return keys as CursorKeys
}

function parse(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}
