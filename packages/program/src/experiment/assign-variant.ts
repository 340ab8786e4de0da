import { createHash } from 'node:crypto'
import type { Experiment } from './experiments-section.js'

/** Shares have six decimal places, so this many places tell any two of them apart. */
const PLACES = 1_000_000

/**
 * A member's place in an experiment: a whole number from 0, below a million, by the SHA-256 of the
 * experiment's id and the member's wallet. It is the same for ever, evenly spread, and says nothing about
 * the place in another experiment.
 */
export function placeIn(experimentId: string, wallet: number): number {
  const hash = createHash('sha256').update(`${experimentId}\n${wallet}`).digest()
  return hash.readUIntBE(0, 6) % PLACES
}

/** The variant whose share of the places the member's is in, the shares laid end to end in their order;
 * null: in none. */
export function assignVariant(
  { id, variants }: Pick<Experiment, 'id' | 'variants'>,
  wallet: number,
): string | null {
  const place = placeIn(id, wallet)
  let end = 0
  for (const variant of variants) {
    end += Math.round(Number(variant.share) * PLACES)
    if (place < end) return variant.id
  }
  return null
}
