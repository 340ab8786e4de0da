import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { LONGEST } from './longest-first.js'

it('the files that are run first are there', () => {
  const root = new URL('../../', import.meta.url)
  expect(LONGEST.filter((file) => !existsSync(new URL(file, root)))).toEqual([])
})
