import type { SqlConnection } from '@pointwell/ledger'
import type { ProgramDatabase } from '../database/program-database.js'
import {
  insertMessages,
  type Message,
  type NewMessage,
  selectMessages,
  selectNewestMessages,
  selectWritten,
  type WrittenMessage,
} from './message-rows.js'

/** What members are told (O1): written once each, to be read in the inbox. */
export interface Messages {
  /** Messages whose name the member has already are left out: each is written once, however often and
   * by however many servers. */
  write(messages: readonly NewMessage[]): Promise<void>
  /** The newest first, before the message with the number `before`. */
  page(request: { wallet: number; before: number; limit: number }): Promise<readonly Message[]>
  /** The newest `limit` of each wallet, in one statement. */
  findNewest(wallets: readonly number[], limit: number): Promise<readonly Message[]>
}

/** `follow`: what else is written with messages that are new, in the same transaction. */
export function openMessages(
  database: ProgramDatabase,
  follow?: (connection: SqlConnection, written: readonly WrittenMessage[]) => Promise<void>,
): Messages {
  return {
    async write(messages) {
      if (messages.length === 0) return
      await database.write(async (manager) => {
        const connection = database.connection(manager)
        await insertMessages(connection, messages)
        if (follow) await follow(connection, await selectWritten(connection, messages))
      })
    },
    page: (request) =>
      database.read((manager) => selectMessages(database.connection(manager), request)),
    findNewest: (wallets, limit) =>
      database.read((manager) =>
        selectNewestMessages(database.connection(manager), { wallets, limit }),
      ),
  }
}
