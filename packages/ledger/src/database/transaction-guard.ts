import type { QueryRunner } from 'typeorm'

/**
 * Remembers the fault after which a runner's transaction is gone. A database that has rolled back
 * by itself (a deadlock, a full disk) runs whatever comes next without a transaction; work that
 * caught the fault and went on would be half committed.
 */
export class TransactionGuard {
  private gone: { readonly fault: unknown } | undefined

  constructor(
    runner: QueryRunner,
    private readonly endsTransaction: (fault: unknown) => boolean,
  ) {
    const query = runner.query.bind(runner)
    // Every statement of a runner comes through here, TypeORM's own among them.
    runner.query = async (...statement: Parameters<QueryRunner['query']>) => {
      this.assertOpen()
      try {
        return await query(...statement)
      } catch (fault) {
        this.note(fault)
        throw fault
      }
    }
  }

  note(fault: unknown): void {
    if (!this.gone && this.endsTransaction(fault)) this.gone = { fault }
  }

  assertOpen(): void {
    if (this.gone) throw this.gone.fault
  }
}
