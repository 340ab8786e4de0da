import { runCommand } from './cli/run-command.js'
import { serve } from './serve.js'

await runCommand(serve)
