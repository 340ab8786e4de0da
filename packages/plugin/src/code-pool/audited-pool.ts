import type { OperatorAct, RequestContext } from '../contract/request-context.js'
import type { PoolChanged } from './code-pool.js'

/** Has the audit say how many codes a pool had before an operator changed it, and has after (O5): no code. */
export function auditedPool(
  context: RequestContext,
  offerId: string,
  act: Pick<OperatorAct, 'name' | 'reason'>,
): PoolChanged {
  return (manager, { before, after }) =>
    context.program.recordAct(
      manager,
      { ...act, context },
      {
        target: { kind: 'code-pool', id: offerId },
        before: { ...before },
        after: { ...after },
        key: null,
      },
    )
}
