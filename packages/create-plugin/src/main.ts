import { CannotCreate } from './cannot-create.js'
import { createPlugin } from './create-plugin.js'
import { describeCreated } from './describe-created.js'
import { readArguments, USAGE } from './read/read-arguments.js'

try {
  const given = readArguments(process.argv.slice(2))
  if (given.help) {
    process.stdout.write(USAGE)
  } else {
    const cwd = process.cwd()
    process.stdout.write(describeCreated(createPlugin(given, { cwd, now: Date.now() }), cwd))
  }
} catch (fault) {
  if (!(fault instanceof CannotCreate)) throw fault
  process.stderr.write(`${fault.message}\n`)
  process.exitCode = 1
}
