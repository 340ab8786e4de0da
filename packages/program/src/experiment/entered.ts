import type { PolicyInForce } from '../policy/policy-in-force.js'
import type { Experiment } from './experiments-section.js'

/** When a member entered experiments that are of segments, epoch milliseconds, by the experiment. */
export type Entered = Readonly<Record<string, number>>

/** Whether a member is one of those that it is tried on: of segments, since it was found in one of them. What
 * was entered before `from` was another experiment of the same name. */
export function isOf({ id, from, segments }: Experiment, entered: Entered): boolean {
  return segments === null || (Object.hasOwn(entered, id) && entered[id]! >= Date.parse(from))
}

/** Experiments of segments that members enter at an instant, epoch milliseconds: those that run, and those of
 * which a variant was rolled out. */
export function toEnter(
  experiments: readonly Experiment[],
  at: number,
): readonly (Experiment & { readonly segments: readonly string[] })[] {
  return experiments.flatMap((experiment) => {
    const { from, until, rolledOut, segments } = experiment
    const isOver = rolledOut === null && until !== null && Date.parse(until) <= at
    return segments === null || at < Date.parse(from) || isOver ? [] : { ...experiment, segments }
  })
}

/** After a member was found in some segments. Where it entered it stays, whatever it is found in later. The
 * same object: it enters nothing. */
export function enter(
  entered: Entered,
  segments: readonly string[],
  { policy, now }: { policy: PolicyInForce; now: number },
): Entered {
  const added = toEnter(policy.document.experiments, now).filter(
    (experiment) =>
      !isOf(experiment, entered) && experiment.segments.some((it) => segments.includes(it)),
  )
  if (added.length === 0) return entered
  return { ...entered, ...Object.fromEntries(added.map(({ id }) => [id, now])) }
}

/** Without those that the policy has no more. One that is older than what was entered does not know: what was
 * put off is decided by the policy of then, and another server may not have read the newest yet. */
export function withoutGone(
  entered: Entered,
  { document: { experiments }, effectiveFrom }: PolicyInForce,
): Entered {
  return Object.fromEntries(
    Object.entries(entered).filter(
      ([name, at]) => at >= effectiveFrom || experiments.some(({ id }) => id === name),
    ),
  )
}
