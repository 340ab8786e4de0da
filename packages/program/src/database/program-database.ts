import type { Database } from '@pointwell/ledger'

/** What the programme needs of the server's database: its own tables, never the ledger's. */
export type ProgramDatabase = Pick<Database, 'read' | 'write' | 'connection' | 'sql'>
