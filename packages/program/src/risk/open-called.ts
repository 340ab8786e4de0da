import type { RiskRule } from '@pointwell/plugin'
import type { Asked } from '../plugin-list/name-hung-plugin.js'

/** Who is at fault where a decision does not end: whoever decides, or the rule that is asked meanwhile. */
export function openCalled(decides: Asked): {
  readonly called: Asked
  readonly asking: (rule: RiskRule | null) => void
} {
  const called = { ...decides }
  return {
    called,
    asking: (rule) =>
      void Object.assign(called, rule ? { plugin: rule, operation: 'assess' } : decides),
  }
}
