import { QueryFailedError } from 'typeorm'
import { describe, expect, it } from 'vitest'
import { isDuplicateKey, isLostConnection, isRetryable } from './faults.js'

const fault = (fields: object) => Object.assign(new Error('of a driver'), fields)

describe('faults of databases', () => {
  it.each([
    // code, duplicate, lost, retryable
    ['ER_DUP_ENTRY', true, false, false],
    ['SQLITE_CONSTRAINT_UNIQUE', true, false, false],
    ['SQLITE_CONSTRAINT_PRIMARYKEY', true, false, false],
    ['SQLITE_CONSTRAINT_NOTNULL', false, false, false],
    ['ER_LOCK_DEADLOCK', false, false, true],
    ['ER_LOCK_WAIT_TIMEOUT', false, false, true],
    ['SQLITE_BUSY', false, false, true],
    ['SQLITE_BUSY_SNAPSHOT', false, false, true],
    ['PROTOCOL_CONNECTION_LOST', false, true, true],
    ['ECONNRESET', false, true, true],
    ['ER_SERVER_SHUTDOWN', false, true, true],
    ['ER_ACCESS_DENIED_ERROR', false, false, false],
    ['ER_DATA_TOO_LONG', false, false, false],
    ['SQLITE_FULL', false, false, false],
  ])('%s', (code, duplicate, lost, retryable) => {
    for (const one of [fault({ code }), new QueryFailedError('SELECT 1', [], fault({ code }))]) {
      expect(isDuplicateKey(one)).toBe(duplicate)
      expect(isLostConnection(one)).toBe(lost)
      expect(isRetryable(one)).toBe(retryable)
    }
  })

  it('knows a dead connection of mysql2, and write conflicts of TiDB by their number', () => {
    const dead = fault({ fatal: true })
    dead.message = "Can't add new command when connection is in closed state"
    expect(isRetryable(dead)).toBe(true)
    expect(isRetryable(fault({ errno: 9007 }))).toBe(true)
  })

  it.each([undefined, null, 'ER_LOCK_DEADLOCK', new Error('ER_LOCK_DEADLOCK')])(
    'makes nothing of %s',
    (other) => {
      expect(isDuplicateKey(other)).toBe(false)
      expect(isRetryable(other)).toBe(false)
    },
  )
})
