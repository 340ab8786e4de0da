import { existsSync, readdirSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { CannotCreate } from '../cannot-create.js'
import { readOwnManifest } from '../read/own-manifest.js'
import { fillTemplate } from '../template/fill-template.js'
import { readTemplate } from '../template/read-template.js'
import type { Plan } from './plan.js'
import { dependenciesOf, descriptionOf, json, type NewPlugin } from './plugin-parts.js'

/** What a project is built and tested with. */
const TOOLS = ['@types/node', 'better-sqlite3', 'fast-check', 'typescript', 'vite', 'vitest']

/**
 * A project of its own for a plugin, in a new folder of `parent`, against the published packages. `packages`: a
 * folder with the packages as archives, taken from there instead of a registry.
 */
export function planProject(
  plugin: NewPlugin,
  { parent, packages }: { readonly parent: string; readonly packages?: string | undefined },
): Plan {
  const { kind, id } = plugin
  const packageName = `${kind}-${id}`
  const folder = join(resolve(parent), packageName)
  if (existsSync(folder)) throw new CannotCreate(`The folder ${packageName} is there already.`)
  const filling = { ...plugin, packageName }
  const files = new Map([
    ...fillTemplate(readTemplate(kind), filling),
    ...fillTemplate(readTemplate('project'), filling),
    ...fillTemplate(readTemplate(`project-${kind}`), filling),
  ])
  // npm leaves out a file of the real name when it packs.
  move(files, 'gitignore', '.gitignore')
  const tryIt = files.get('TRY.md') ?? ''
  files.delete('TRY.md')
  files.set('README.md', `${files.get('README.md')}${tryIt}`)
  files.set('package.json', json(manifestOf(plugin, { folder, packages })))
  return { folder, files, edits: [] }
}

function manifestOf(
  plugin: NewPlugin,
  { folder, packages }: { readonly folder: string; readonly packages: string | undefined },
) {
  const { version, devDependencies } = readOwnManifest()
  const versionOf = (name: string): string => {
    const found = devDependencies[name]
    if (found && !found.includes(':')) return found
    throw new CannotCreate(
      [
        'Outside of its repository this generator runs from its published package. Make that, and the others, in',
        'the repository: `npm run pack -- DIR`. Then, where the plugin is to be:',
        '',
        `  npx --package DIR/pointwell-create-plugin-${version}.tgz create-plugin ${plugin.kind} ${plugin.id} --packages DIR`,
      ].join('\n'),
    )
  }
  const archives = packages === undefined ? undefined : findArchives(resolve(packages), folder)
  const ours = (name: string): string => archives?.get(name) ?? `^${version}`
  return {
    name: `${plugin.kind}-${plugin.id}`,
    version: '0.1.0',
    description: descriptionOf(plugin),
    type: 'module',
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    files: ['dist', '!dist/**/*.test.*', '!dist/.tsbuildinfo'],
    engines: { node: '>=20.19' },
    scripts: {
      build: 'tsc',
      test: 'npm run -s build && vitest run',
      start: 'npm run -s build && pointwell serve --config pointwell.config.js',
      schema: 'npm run -s build && pointwell schema --config pointwell.config.js',
    },
    // The server's own copies: classes and symbols of these are compared by identity.
    peerDependencies: {
      '@pointwell/plugin': `^${version}`,
      ...dependenciesOf(plugin.kind, (name) => `^${versionOf(name)}`),
    },
    devDependencies: {
      '@pointwell/plugin': ours('@pointwell/plugin'),
      '@pointwell/server': ours('@pointwell/server'),
      ...dependenciesOf(plugin.kind, versionOf),
      ...Object.fromEntries(TOOLS.map((name) => [name, versionOf(name)])),
    },
    ...(archives && { overrides: Object.fromEntries(archives) }),
  }
}

/** The packages in a folder of archives, each as a dependency says it. */
function findArchives(packages: string, folder: string): Map<string, string> {
  const names = existsSync(packages) ? readdirSync(packages) : []
  const archives = names.flatMap((file): [string, string][] => {
    const [, name] = file.match(/^pointwell-(.+)-\d+\.\d+\.\d+.*\.tgz$/) ?? []
    const path = relative(folder, join(packages, file)).replaceAll('\\', '/')
    return name === undefined ? [] : [[`@pointwell/${name}`, `file:${path}`]]
  })
  if (!archives.some(([name]) => name === '@pointwell/server')) {
    throw new CannotCreate(`--packages: There are no packages of Pointwell in ${packages}.`)
  }
  return new Map(archives)
}

function move(files: Map<string, string>, from: string, to: string): void {
  const text = files.get(from)
  if (text === undefined) throw new Error(`The template has no ${from}.`)
  files.delete(from)
  files.set(to, text)
}
