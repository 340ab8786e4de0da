import { assignVariant } from './assign-variant.js'
import type { Experiment } from './experiments-section.js'

/** The variant that a member is in, by experiment. */
export type Variants = Readonly<Record<string, string>>

const NONE: Variants = {}

/** Experiments that run at an instant, epoch milliseconds: begun, not over, and nothing rolled out. */
export function isRunning(
  { from, until, rolledOut }: Pick<Experiment, 'from' | 'until' | 'rolledOut'>,
  at: number,
): boolean {
  return rolledOut === null && Date.parse(from) <= at && (until === null || at < Date.parse(until))
}

/** Which variants a member is in of what runs now: what its transactions are counted by. */
export function variantsOf(
  experiments: readonly Experiment[],
  { wallet, at }: { readonly wallet: number; readonly at: number },
): Variants {
  return collect(experiments, (experiment) =>
    isRunning(experiment, at) ? assignVariant(experiment, wallet) : null,
  )
}

/** Which variants' terms a member gets: those it is in, and those that everybody gets. */
export function termsFor(
  experiments: readonly Experiment[],
  { wallet, at }: { readonly wallet: number | null; readonly at: number },
): Variants {
  return collect(experiments, (experiment) => {
    if (experiment.rolledOut !== null) return experiment.rolledOut
    return wallet !== null && isRunning(experiment, at) ? assignVariant(experiment, wallet) : null
  })
}

function collect(
  experiments: readonly Experiment[],
  variantIn: (experiment: Experiment) => string | null,
): Variants {
  if (experiments.length === 0) return NONE
  const variants: Record<string, string> = {}
  for (const experiment of experiments) {
    const variant = variantIn(experiment)
    if (variant !== null) variants[experiment.id] = variant
  }
  return variants
}
