import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

async function sources(): Promise<string[]> {
  const found: string[] = []
  for (const house of ['packages', 'plugins', 'apps']) {
    for (const name of await readdir(join(root, house))) {
      const files = await readdir(join(root, house, name, 'src'), { recursive: true })
      found.push(...files.map((file) => `${house}/${name}/src/${file}`))
    }
  }
  return found.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
}

describe('Texts of what is at fault', () => {
  it('are those of the house: who reads the issues of zod reads by `readBySchema`', async () => {
    const all = await sources()
    expect(all.length).toBeGreaterThan(500)
    const texts = await Promise.all(all.map((file) => readFile(join(root, file), 'utf8')))
    const has = (pattern: RegExp) => all.filter((_, place) => pattern.test(texts[place]!))
    const readers = has(/\.issues\b/)
    expect(readers.length).toBeGreaterThan(5)
    const plain = new Set(has(/\.(safeParse|safeParseAsync|safeDecode)\(/))
    expect(readers.filter((file) => plain.has(file))).toEqual([])
    expect(has(/\bz\.config\(/)).toEqual([])
  })
})
