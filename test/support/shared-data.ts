import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../../shared/data', import.meta.url))

/**
 * The path of a file of real data, which is not a part of this repository; null where it is absent,
 * and then it says so: whoever reads the result of the tests must know what was not tested.
 */
export function findSharedData(name: string): string | null {
  const path = join(folder, name)
  if (existsSync(path)) return path
  console.warn(
    `\n${'!'.repeat(78)}\n${name} is not in ../shared/data.\nEvery test of it is SKIPPED.\n${'!'.repeat(78)}\n`,
  )
  return null
}
