import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CannotCreate } from '../cannot-create.js'
import type { Kind } from '../kind.js'
import { fillTemplate } from '../template/fill-template.js'
import { readTemplate } from '../template/read-template.js'
import type { Edit, Plan } from './plan.js'
import { dependenciesOf, descriptionOf, exportName, json, type NewPlugin } from './plugin-parts.js'
import { addImport, addPlugin, addReference, addServerDependency } from './register-plugin.js'

/**
 * A plugin in `plugins/` of the repository at `root`, with a changeset; `register`: and in the list of plugins
 * that the server runs. Throws `CannotCreate` where a name of its GraphQL fields is taken, or a file that is
 * to be changed does not look as it should.
 */
export function planInRepository(
  plugin: NewPlugin,
  { root, register }: { readonly root: string; readonly register: boolean },
): Plan {
  const { kind, id } = plugin
  const folderName = `${kind}-${id}`
  const packageName = `@pointwell/${folderName}`
  const folder = join(root, 'plugins', folderName)
  if (existsSync(folder)) throw new CannotCreate(`plugins/${folderName} is there already.`)
  const files = fillTemplate(readTemplate(kind), { ...plugin, packageName })
  assertNamesAreFree([...files.values()].join('\n'), root)
  files.set('package.json', json(manifestOf(plugin, packageName)))
  files.set(
    'tsconfig.json',
    json({ extends: '../../tsconfig.base.json', references: [{ path: '../../packages/plugin' }] }),
  )
  const packages = register ? [packageName, '@pointwell/server'] : [packageName]
  const bumps = packages.map((it) => `'${it}': minor\n`).join('')
  const changeset = `---\n${bumps}---\n\n${newsOf(plugin)}\n`
  const edit = (path: string, change: (before: string) => string): Edit => {
    const before = readFileSync(join(root, path), 'utf8')
    return { path: join(root, path), before, after: change(before) }
  }
  const config = 'apps/server/src/pointwell.config.ts'
  return {
    folder,
    files,
    edits: [
      { path: join(root, '.changeset', `${folderName}.md`), before: null, after: changeset },
      edit('tsconfig.json', (text) => addReference(text, { path: `plugins/${folderName}` })),
      ...(register
        ? [
            edit('apps/server/package.json', (text) => addServerDependency(text, packageName)),
            edit('apps/server/tsconfig.json', (text) =>
              addReference(text, { path: `../../plugins/${folderName}` }),
            ),
            edit(config, (text) =>
              addPlugin(addImport(text, exportName(plugin), packageName), exportName(plugin)),
            ),
          ]
        : []),
    ],
  }
}

/** What whoever runs the server reads of it. */
function newsOf({ kind, id, name, title }: NewPlugin): string {
  const news: Readonly<Record<Kind, string>> = {
    earn: `Members earn points for “${title.en}”: a storefront reports an act by \`record${name.pascal}\`.`,
    redeem: `Points can be spent on “${title.en}”: a redemption gives a voucher, and \`use${name.pascal}Voucher\` uses it.`,
    risk: `The risk rule “${title.en}” holds points of members who earn too often and refuses those who redeem too often; its settings are in the policy, \`rules.${id}\`.`,
    notify: `“${title.en}” tells members what the programme writes to them.`,
  }
  return news[kind]
}

function manifestOf(plugin: NewPlugin, name: string) {
  const catalog = () => 'catalog:'
  return {
    name,
    version: '0.1.0',
    description: descriptionOf(plugin),
    license: 'MIT',
    type: 'module',
    exports: {
      '.': {
        source: './src/index.ts',
        types: './dist/index.d.ts',
        default: './dist/index.js',
      },
      './package.json': './package.json',
    },
    files: ['dist', 'src', '!src/**/*.test.ts', '!dist/.tsbuildinfo'],
    engines: { node: '>=20.19' },
    scripts: { build: 'tsc -b' },
    dependencies: {
      '@pointwell/plugin': 'workspace:*',
      ...dependenciesOf(plugin.kind, catalog),
    },
    devDependencies: { 'fast-check': 'catalog:' },
  }
}

/** The names that the new fields and types get, and that the schema of the server may not have yet. */
function assertNamesAreFree(source: string, root: string): void {
  const schema = readFileSync(join(root, 'schema.graphql'), 'utf8')
  const types = [
    ...source.matchAll(/(?:@(?:Object|Input)Type\(|resultUnion\(\s*|name: )'(\w+)'/g),
  ].map(([, name = '']) => name)
  const fields = [...source.matchAll(/^ {2}async (\w+)\($/gm)].map(([, name = '']) => name)
  const taken = [
    ...types.filter((it) =>
      new RegExp(`^(?:type|input|enum|union|interface|scalar) ${it}\\b`, 'm').test(schema),
    ),
    ...fields.filter((it) => new RegExp(`^ {2}${it}\\b`, 'm').test(schema)),
  ]
  if (taken.length === 0) return
  throw new CannotCreate(
    `The schema has ${taken.join(', ')} already: take another name for the plugin.`,
  )
}
