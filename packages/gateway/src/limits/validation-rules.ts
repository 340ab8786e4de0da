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
