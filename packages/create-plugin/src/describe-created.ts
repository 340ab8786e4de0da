import { relative } from 'node:path'
import type { Created } from './create-plugin.js'

/** What there is to do next, for a terminal. */
export function describeCreated(created: Created, cwd: string): string {
  const { name, folder, edited, repository, fromRegistry, lacksChinese } = created
  const shown = (path: string) => relative(cwd, path) || '.'
  const chinese = lacksChinese
    ? [
        `It is called in Chinese what it is called in English: src/${name.replace(/^[a-z]+-/, '')}-words.ts.`,
      ]
    : []
  if (repository === undefined) {
    return lines([
      `Made ${shown(folder)}. Next:`,
      '',
      `  cd ${shown(folder)}`,
      '  npm install',
      '  npm test     # builds, runs the conformance kit, and a server that the plugin works on',
      '  npm start    # a server with a demo programme, and the new fields in its schema',
      '',
      ...(fromRegistry ? unpublished(shown(folder)) : []),
      ...chinese,
    ])
  }
  return lines([
    `Made ${shown(folder)}, and changed:`,
    ...edited.map((path) => `  ${shown(path)}`),
    ...chinese,
  ])
}

/** For a version that the registry of whoever asked does not have: npm itself says no more than E404. */
function unpublished(folder: string): string[] {
  return [
    'Where `npm install` does not find @pointwell/plugin (E404), make the packages yourself: in the Pointwell',
    `repository \`npm run pack -- DIR\`. Then remove ${folder}, and make it again with \`--packages DIR\`.`,
    '',
  ]
}

function lines(texts: readonly string[]): string {
  return `${texts.join('\n').trimEnd()}\n`
}
