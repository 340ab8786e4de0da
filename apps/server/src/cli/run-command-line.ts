import 'reflect-metadata'
import { Command } from 'commander'

type Register = (program: Command) => unknown

/** Each loads what it needs itself: to load all took longer than most commands run. */
const server = async (): Promise<Register> => {
  return (await import('./register-server-commands.js')).registerServerCommands
}
const database = async (): Promise<Register> => {
  return (await import('./register-database-commands.js')).registerDatabaseCommands
}
const imports = async (): Promise<Register> => {
  return (await import('../import/register-import-commands.js')).registerImportCommands
}
const openings = async (): Promise<Register> => {
  const [{ registerImportCommands }, { registerOpeningCommands }] = await Promise.all([
    import('../import/register-import-commands.js'),
    import('../opening/register-opening-commands.js'),
  ])
  return (program) => registerOpeningCommands(program, registerImportCommands(program))
}

const BY_NAME: Readonly<Record<string, readonly (() => Promise<Register>)[]>> = {
  serve: [server],
  token: [server],
  schema: [server],
  migrate: [database],
  verify: [database],
  policy: [imports],
  import: [openings],
  export: [openings],
}

/**
 * Runs one command to its end, as `pointwell` does: settings from this process's environment, paths from
 * its folder, what it prints to its channels, what came of it to `process.exitCode`. Where the words are
 * not a command's, this process ends.
 */
export async function runCommandLine(words: readonly string[]): Promise<void> {
  const program = new Command('pointwell')
    .description('The loyalty-points platform behind your storefront')
    .option('--config <file>', 'the module that lists the plugins; otherwise POINTWELL_CONFIG says')
    .hook('preAction', (it) => {
      const { config } = it.opts<{ config?: string }>()
      if (config !== undefined) process.env.POINTWELL_CONFIG = config
    })
    .showHelpAfterError()

  // Whoever asks for help, or for what there is not, is shown all there is.
  const [name = ''] = words
  const wanted = Object.hasOwn(BY_NAME, name) ? BY_NAME[name]! : [server, database, openings]
  for (const load of wanted) (await load())(program)

  await program.parseAsync(words, { from: 'user' })
}
