import { PluginBootError } from '@pointwell/plugin/boot'
import { ConfigFault } from '../compose/load-config.js'
import { SchemaOutOfDate } from '../compose/start-server.js'

const THEIRS = /^(E[A-Z]+|ER_[A-Z_]+|SQLITE_(NOTADB|CANTOPEN|CORRUPT|FULL|READONLY)(_[A-Z]+)?)$/

const THEIR_NAMES = new Set([
  'DatabaseUrlInvalid',
  'KnownOperationFault',
  'NoExport',
  'OtherFile',
  'PolicyUnreadable',
  'SchemaFault',
  'UnfitFile',
])

/** Faults that a person can mend say what is wrong; any other is ours, and shows where. */
export async function runCommand(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (fault) {
    process.stderr.write(`${isTheirs(fault) ? fault.message : ((fault as Error).stack ?? fault)}\n`)
    process.exitCode = 1
  }
}

function isTheirs(fault: unknown): fault is Error {
  if (!(fault instanceof Error)) return false
  const { code } = fault as { code?: unknown }
  return (
    fault instanceof PluginBootError ||
    fault instanceof ConfigFault ||
    fault instanceof SchemaOutOfDate ||
    THEIR_NAMES.has(fault.name) ||
    // The port is taken, the database is not there, the file is not ours.
    (typeof code === 'string' && THEIRS.test(code))
  )
}
