import { CannotCreate } from '../cannot-create.js'
import { json } from './plugin-parts.js'

/*
 * Lines for a new plugin in the texts of the repository that list plugins. Each throws `CannotCreate` where
 * the text is not as the house writes it: nothing is guessed.
 */

/** A reference in a `tsconfig.json`, after the last plugin there is. */
export function addReference(text: string, { path }: { readonly path: string }): string {
  const last = [...text.matchAll(/^.*\{\s*"path": "(?:\.\.\/\.\.\/)?plugins\/[^"]+"\s*\},?/gm)].at(
    -1,
  )
  if (!last) throw unlike('tsconfig.json')
  const end = last.index + last[0].length
  const added = last[0].replace(/,$/, '').replace(/"path": "[^"]+"/, `"path": "${path}"`)
  const before = text.slice(0, end).replace(/,$/, '')
  const after = text.slice(end)
  return `${before},\n${added}${last[0].endsWith(',') ? ',' : ''}${after}`
}

/** A dependency of the server, in its place of the alphabet. */
export function addServerDependency(text: string, name: string): string {
  const manifest = JSON.parse(text)
  if (!manifest.dependencies) throw unlike('apps/server/package.json')
  const dependencies = Object.entries({ ...manifest.dependencies, [name]: 'workspace:*' })
  dependencies.sort(([a], [b]) => (a < b ? -1 : 1))
  return json({ ...manifest, dependencies: Object.fromEntries(dependencies) })
}

/** An import, in its place of the alphabet among those there are. */
export function addImport(text: string, what: string, from: string): string {
  const imports = [...text.matchAll(/^import .+ from '([^']+)'$/gm)]
  if (imports.length === 0) throw unlike('pointwell.config.ts')
  const line = `import { ${what} } from '${from}'\n`
  const next = imports.find(([, other = '']) => other > from)
  const last = imports.at(-1)!
  const at = next ? next.index : last.index + last[0].length + 1
  return text.slice(0, at) + line + text.slice(at)
}

/** The last one in the list of plugins. */
export function addPlugin(text: string, what: string): string {
  const [list] = text.match(/^ {2}plugins: \[\n(?: {4}\w+,\n)+(?= {2}\],$)/m) ?? []
  if (list === undefined) throw unlike('pointwell.config.ts')
  return text.replace(list, `${list}    ${what},\n`)
}

function unlike(file: string): CannotCreate {
  return new CannotCreate(
    `${file} does not look as this generator knows it. With --no-register the server's list is left as it is.`,
  )
}
