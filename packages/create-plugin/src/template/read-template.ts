import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Texts by their paths, which have slashes. */
export type Files = ReadonlyMap<string, string>

const TEMPLATES = fileURLToPath(new URL('../../templates', import.meta.url))

/** The files of a template, as they stand. */
export function readTemplate(name: string): Files {
  const root = join(TEMPLATES, name)
  const entries = readdirSync(root, { recursive: true, withFileTypes: true })
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [relative(root, path).split(sep).join('/'), readFileSync(path, 'utf8')]),
  )
}
