import { readFile } from 'node:fs/promises'
import { ERROR_CODES } from '@pointwell/gateway'
import { describe, expect, it } from 'vitest'

describe('docs/reference/refusals.md', () => {
  it('A2: has every code of an error, and none that there is not', async () => {
    const page = await readFile(
      new URL('../../docs/reference/refusals.md', import.meta.url),
      'utf8',
    )
    const shown = [...page.matchAll(/^\| \*\*([A-Z_]+)\*\* \|/gm)].map(([, code]) => code)
    // What is none of these is ours, and is called so.
    expect(shown.toSorted()).toEqual([...ERROR_CODES, 'INTERNAL_SERVER_ERROR'].toSorted())
  })
})
