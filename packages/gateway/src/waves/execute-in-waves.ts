import { runInWaves } from '@pointwell/ledger'
import { getOperationAST } from 'graphql'
import type { Executor } from '../execution/open-executor.js'

/**
 * Lets whatever only reads, a query or an event of a subscription, read in waves: as many statements
 * whatever the length of its lists (A4). What a change reads it decides by, and its batches gather for
 * themselves.
 */
export function executeInWaves(execute: Executor): Executor {
  return (asked) =>
    getOperationAST(asked.document, asked.operationName)?.operation === 'mutation'
      ? execute(asked)
      : runInWaves(() => execute(asked))
}
