/** Rolled back; the same work may succeed in a fresh transaction. */
export class StoreConflict extends Error {
  override readonly name: string = 'StoreConflict'
}

/** The connection was lost while a commit was on its way: nobody knows whether it went through.
 * Whoever can tell from the data may run the work again; the database does not. */
export class CommitUnknown extends StoreConflict {
  override readonly name = 'CommitUnknown'
}
