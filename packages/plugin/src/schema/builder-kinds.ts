import { z } from 'zod'
import type { DecimalLimits } from './decimal.js'

/** Which builder of this package a schema came from, with its bounds. */
export type BuilderKind =
  | { readonly kind: 'instant' | 'local-date' | 'currency' | 'money' }
  | { readonly kind: 'decimal'; readonly limits: DecimalLimits }
  | { readonly kind: 'text'; readonly min: number; readonly max: number }
  | { readonly kind: 'identifier'; readonly max: number }

/**
 * What the conformance kit knows schemas by: from a pattern alone nobody sees that a text is a currency,
 * or that a number is a moment near others. Not zod's own metadata, which would show in forms. A schema
 * that was made of one of these by `refine` or `describe` is known by it, too.
 */
export const builderKinds = z.registry<BuilderKind>()
