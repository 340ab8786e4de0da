/** A duplicate key: MySQL's family, then SQLite's. */
const DUPLICATE_KEY = new Set<unknown>([
  'ER_DUP_ENTRY',
  'ER_DUP_ENTRY_WITH_KEY_NAME',
  'ER_DUP_KEY',
  'SQLITE_CONSTRAINT_UNIQUE',
  'SQLITE_CONSTRAINT_PRIMARYKEY',
  'SQLITE_CONSTRAINT_ROWID',
])

/** The connection is gone, or the server is not to be reached just now. */
const LOST_CONNECTION = new Set<unknown>([
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ER_SERVER_SHUTDOWN',
  'ER_NORMAL_SHUTDOWN',
  'ER_CONNECTION_KILLED',
  'ER_NEW_ABORTING_CONNECTION',
  'ER_ABORTING_CONNECTION',
  'ER_CON_COUNT_ERROR',
  'ER_TOO_MANY_USER_CONNECTIONS',
])

/** Two transactions stood in each other's way; the same work goes through in a fresh one. */
const CONTENTION = new Set<unknown>([
  'ER_LOCK_DEADLOCK',
  'ER_LOCK_WAIT_TIMEOUT',
  'ER_CHECKREAD',
  'ER_QUERY_INTERRUPTED',
  'SQLITE_BUSY',
  'SQLITE_BUSY_RECOVERY',
  'SQLITE_BUSY_SNAPSHOT',
  'SQLITE_BUSY_TIMEOUT',
  'SQLITE_LOCKED',
  'SQLITE_PROTOCOL',
])

/** The same of TiDB, which drivers know by number only: write conflict, retry, changed schema. */
const CONTENTION_NUMBERS = new Set<unknown>([8002, 8022, 8028, 9007])

interface DriverFault {
  readonly code?: unknown
  readonly errno?: unknown
  readonly message?: unknown
  readonly fatal?: unknown
  /** Where TypeORM keeps the fault of the driver. */
  readonly driverError?: unknown
}

export function isDuplicateKey(fault: unknown): boolean {
  return DUPLICATE_KEY.has(driverFault(fault).code)
}

export function isLostConnection(fault: unknown): boolean {
  const { code, fatal, message } = driverFault(fault)
  if (LOST_CONNECTION.has(code)) return true
  // mysql2 has no code for a command sent to a connection it already knows to be dead.
  return fatal === true && code === undefined && /closed state/.test(String(message))
}

/** Whether the same work may go through in a fresh transaction. A duplicate key is not among it:
 * whoever writes a key twice should hear of it. */
export function isRetryable(fault: unknown): boolean {
  const { code, errno } = driverFault(fault)
  return CONTENTION.has(code) || CONTENTION_NUMBERS.has(errno) || isLostConnection(fault)
}

function driverFault(fault: unknown): DriverFault {
  if (typeof fault !== 'object' || fault === null) return {}
  const { driverError } = fault as DriverFault
  return typeof driverError === 'object' && driverError !== null ? driverError : fault
}
