import type { ValueTransformer } from 'typeorm'

/** MySQL answers with text where a number is wider than 32 bits; ours are all up to 2^53−1. */
export const wholeNumber: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: string | number | null) => (value === null ? null : Number(value)),
}
