const THEIRS = /^(E[A-Z]+|ER_[A-Z_]+|SQLITE_(NOTADB|CANTOPEN|CORRUPT|FULL|READONLY)(_[A-Z]+)?)$/

/** By name: their modules load half of the server, and most commands need none of it. */
const THEIR_NAMES = new Set([
  'ConfigFault',
  'DatabaseUrlInvalid',
  'KnownOperationFault',
  'NoExport',
  'OtherFile',
  'PluginBootError',
  'PolicyUnreadable',
  'SchemaFault',
  'SchemaOutOfDate',
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
    THEIR_NAMES.has(fault.name) ||
    // The port is taken, the database is not there, the file is not ours.
    (typeof code === 'string' && THEIRS.test(code))
  )
}
