import type { Grant } from '../../contract/plugin.js'
import { findGrantFault } from '../../isolation/find-grant-fault.js'
import { findRefusalFault } from '../../isolation/find-refusal-fault.js'
import { findStepsFault, isWhole, show } from '../../isolation/find-steps-fault.js'
import type { Decided } from './decide-case.js'
import type { EarnCase, EarnSession } from './earn-case.js'

/** What is wrong with an answer of `decide`, whatever it is; undefined when nothing is. */
export function findDecidedFault(
  session: EarnSession,
  value: EarnCase,
  decided: Decided,
): string | undefined {
  if (decided.kind === 'nonsense') return nonsense(decided)
  if (decided.kind === 'refusal') return findRefusalFault(session.plugin, decided.refusal)
  if (decided.kind !== 'grant') return undefined
  const { grant } = decided
  if (!isWhole(grant.points)) return `it would grant ${show(grant.points)} points`
  return (
    findStepsFault(grant.because, grant.points) ??
    findWordFault(session, grant) ??
    findTermsFault(session, value, grant)
  )
}

export function nonsense({ answer }: Extract<Decided, { kind: 'nonsense' }>): string {
  return `it answered with ${show(answer)}, which is no grant and no refusal`
}

/** A step that an explanation has and the source has no words for. */
export function findWordFault({ plugin }: EarnSession, { because }: Grant): string | undefined {
  const words = plugin.words ?? {}
  const nameless = (Array.isArray(because) ? because : []).find(
    (it) => typeof it?.step === 'string' && !Object.hasOwn(words, it.step),
  )
  return nameless && `it has no words for its step ${nameless.step}`
}

/** What is wrong with a grant besides its points and steps. */
export function findTermsFault(
  session: EarnSession,
  value: EarnCase,
  { points, memory, ...grant }: Grant,
): string | undefined {
  const sure = isWhole(points) ? points : 0
  return (
    findGrantFault({ ...grant, points: sure, because: [{ step: 'x', points: sure }] }) ??
    findBehaviourFault(session, value, grant)
  )
}

/** A behaviour that caps can be for is one that the source names. */
function findBehaviourFault(
  { plugin }: EarnSession,
  { settings }: EarnCase,
  { behaviour }: Pick<Grant, 'behaviour'>,
): string | undefined {
  if (behaviour === undefined || !plugin.behaviours) return undefined
  return plugin.behaviours(structuredClone(settings)).includes(behaviour)
    ? undefined
    : `its behaviour ${show(behaviour)} is none that it names`
}
