import 'reflect-metadata'
import { Command } from 'commander'
import { registerImportCommands } from '../import/register-import-commands.js'
import { registerOpeningCommands } from '../opening/register-opening-commands.js'
import { registerDatabaseCommands } from './register-database-commands.js'
import { registerServerCommands } from './register-server-commands.js'

const program = new Command('pointwell')
  .description('The loyalty-points platform behind your storefront')
  .showHelpAfterError()

registerServerCommands(program)
registerDatabaseCommands(program)
registerOpeningCommands(program, registerImportCommands(program))

await program.parseAsync()
