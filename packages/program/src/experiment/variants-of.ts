import type { Wallet } from '@pointwell/ledger'
import { assignVariant } from './assign-variant.js'
import { type Entered, isOf } from './entered.js'
import type { Experiment } from './experiments-section.js'

/** The variant that a member is in, by experiment. */
export type Variants = Readonly<Record<string, string>>

/** A member's wallet as it was read. */
export type TriedOn = Pick<Wallet, 'id' | 'memo'>

/** That of a member whom nothing has been posted for, or of whom nothing is kept that matters here. */
export function emptyWallet(id: number): TriedOn {
  return { id, memo: {} }
}

const NONE: Variants = {}

/** Experiments that run at an instant, epoch milliseconds: begun, not over, and nothing rolled out. */
function isRunning(
  { from, until, rolledOut }: Pick<Experiment, 'from' | 'until' | 'rolledOut'>,
  at: number,
): boolean {
  return rolledOut === null && Date.parse(from) <= at && (until === null || at < Date.parse(until))
}

/** Of one wallet as it was read: a decision asks for its price, for what is kept of it, and for its labels. */
const known = new WeakMap<
  TriedOn,
  { readonly experiments: readonly Experiment[]; readonly at: number; readonly variants: Variants }
>()

/** Which variants a member is in of what runs now: what its transactions are counted by. */
export function variantsOf(
  experiments: readonly Experiment[],
  { wallet, at }: { readonly wallet: TriedOn; readonly at: number },
): Variants {
  if (experiments.length === 0) return NONE
  const before = known.get(wallet)
  if (before?.experiments === experiments && before.at === at) return before.variants
  const entered = enteredIn(wallet)
  const variants = collect(experiments, (experiment) =>
    isRunning(experiment, at) && isOf(experiment, entered)
      ? assignVariant(experiment, wallet.id)
      : null,
  )
  known.set(wallet, { experiments, at, variants })
  return variants
}

/** Whether some of the variants that a member is in hang on what the wallet keeps of it. */
export function hangOnMemo(experiments: readonly Experiment[], at: number): boolean {
  return experiments.some((it) => it.segments !== null && isRunning(it, at))
}

/** Which variants' terms a member gets: those it is in, and those that everybody gets whom the experiment is
 * of. Null: nobody who is known. */
export function termsFor(
  experiments: readonly Experiment[],
  { wallet, at }: { readonly wallet: TriedOn | null; readonly at: number },
): Variants {
  if (experiments.length === 0) return NONE
  const own = wallet === null ? NONE : variantsOf(experiments, { wallet, at })
  const entered = wallet === null ? {} : enteredIn(wallet)
  const rolledOut = collect(experiments, (experiment) =>
    isOf(experiment, entered) ? experiment.rolledOut : null,
  )
  return { ...own, ...rolledOut }
}

function enteredIn({ memo }: TriedOn): Entered {
  return (memo as { readonly experiments?: Entered }).experiments ?? {}
}

function collect(
  experiments: readonly Experiment[],
  variantIn: (experiment: Experiment) => string | null,
): Variants {
  const variants: Record<string, string> = {}
  for (const experiment of experiments) {
    const variant = variantIn(experiment)
    if (variant !== null) variants[experiment.id] = variant
  }
  return variants
}
