import { NoSchemaIntrospectionCustomRule, specifiedRules, type ValidationRule } from 'graphql'
import { limitShape } from './limit-shape.js'
import type { Limits } from './limits.js'

/** What a document must keep to before it runs: the language's rules, the limits of its shape, and
 * where the schema may not be asked for, that it does not. */
export function validationRules({
  limits,
  introspection,
}: {
  limits: Limits
  introspection: boolean
}): readonly ValidationRule[] {
  const rules = [...specifiedRules, limitShape(limits)]
  return introspection ? rules : [...rules, NoSchemaIntrospectionCustomRule]
}

/** What graphql's `validate` is told. A client mends twenty faults before it wants to know of more. */
export function validationOptions({ introspection }: { introspection: boolean }) {
  return { maxErrors: 20, hideSuggestions: !introspection } as const
}
