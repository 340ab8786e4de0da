import type { Missing, Request } from './run-batch.js'

/** The request with what was missing to load; undefined when it had that and asks again: then its
 * decision is faulty, and would ask for ever. */
export function withMissing(request: Request, missing: Missing | undefined): Request | undefined {
  if (missing === undefined || !('command' in request) || !request.command) return undefined
  if ('lot' in missing) {
    const { lots = [] } = request
    return lots.includes(missing.lot) ? undefined : { ...request, lots: [...lots, missing.lot] }
  }
  const { counters = [] } = request
  const more = missing.counters.filter((id) => !counters.includes(id))
  return more.length === 0 ? undefined : { ...request, counters: [...counters, ...more] }
}
