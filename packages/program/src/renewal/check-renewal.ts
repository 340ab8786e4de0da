import { minorDigits } from '@pointwell/plugin'
import type { PolicyFault } from '../policy/check-references.js'
import type { PolicyDocument } from '../policy/policy-document.js'

/** What tasks say of the rest of the document: kinds, sources, the digits of the currency. */
export function* checkRenewal({
  renewal,
  kinds,
  sources,
  programme,
}: Partial<PolicyDocument>): Generator<PolicyFault> {
  const seen = new Set<string>()
  for (const [place, task] of (renewal?.tasks ?? []).entries()) {
    const path = ['renewal', 'tasks', place]
    if (seen.has(task.id)) {
      yield { path: [...path, 'id'], message: `There are two tasks ${task.id}.` }
    }
    seen.add(task.id)
    for (const [at, kind] of (kinds ? (task.kinds ?? []) : []).entries()) {
      if (Object.hasOwn(kinds!, kind)) continue
      yield { path: [...path, 'kinds', at], message: `There is no kind ${kind}.` }
    }
    for (const [at, source] of (sources ? (task.sources ?? []) : []).entries()) {
      if (Object.hasOwn(sources!, source)) continue
      yield { path: [...path, 'sources', at], message: `There is no source ${source}.` }
    }
    const { when } = task
    if (when.type === 'act' && !task.sources) {
      yield { path: [...path, 'sources'], message: 'Expected the sources whose acts count.' }
    }
    if (when.type === 'streak' && when.days > renewal!.windowDays) {
      const message = `Expected at most ${renewal!.windowDays}, the days of the window.`
      yield { path: [...path, 'when', 'days'], message }
    }
    const digits = programme ? minorDigits(programme.currency) : Infinity
    if ('amount' in when && (when.amount.split('.')[1]?.length ?? 0) > digits) {
      const message = `${programme?.currency} has ${digits} digits after the point.`
      yield { path: [...path, 'when', 'amount'], message }
    }
  }
}
