import { parseArgs } from 'node:util'
import { CannotCreate } from '../cannot-create.js'

/** What the command line said, not looked at yet. */
export interface Arguments {
  readonly kind: string | undefined
  readonly id: string | undefined
  readonly title: string | undefined
  readonly titleZh: string | undefined
  readonly packages: string | undefined
  readonly register: boolean
  readonly help: boolean
}

export const USAGE = `Usage: create-plugin <kind> <name> [options]

  kind               earn: a source of points
                     redeem: a way to spend them
                     risk: a rule that holds or refuses what looks odd
                     notify: a way to tell members
  name               lower-case words joined by hyphens: newsletter, daily-quiz

  --title <text>     what it is called in English; otherwise as the name says
  --title-zh <text>  what it is called in Chinese; otherwise as in English
  --no-register      in the repository: leave the server's list of plugins as it is
  --packages <dir>   elsewhere: take the packages of Pointwell from archives in this folder

Inside the Pointwell repository it makes plugins/<kind>-<name>, elsewhere a project in <kind>-<name>.
`

/** Throws `CannotCreate` for options that there are not. */
export function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args)
  const [kind, id, ...more] = positionals
  if (more.length > 0) throw new CannotCreate(`Expected a kind and a name, and no ${more[0]}.`)
  return {
    kind,
    id,
    title: values.title,
    titleZh: values['title-zh'],
    packages: values.packages,
    register: !values['no-register'],
    help: values.help ?? false,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        title: { type: 'string' },
        'title-zh': { type: 'string' },
        packages: { type: 'string' },
        'no-register': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (fault) {
    throw new CannotCreate((fault as Error).message)
  }
}
