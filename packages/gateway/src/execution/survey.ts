import { BREAK, type DocumentNode, Kind, visit } from 'graphql'

/** What a document says of how it can be run, whatever its variables. */
export interface Survey {
  /** Whether plans may be made of it. */
  readonly canBePlanned: boolean
  /** Variables that switch fields on and off by `@skip` and `@include`, each once. */
  readonly switches: readonly string[]
}

const NO_PLAN: Survey = { canBePlanned: false, switches: [] }

/**
 * Looks for what plans do without: the schema as something to be asked for, and an answer named
 * `__proto__`, which would be no property of a plain object.
 */
export function surveyDocument(document: DocumentNode): Survey {
  const switches = new Set<string>()
  let canBePlanned = true
  visit(document, {
    Field({ name, alias }) {
      const isOfSchema = name.value === '__schema' || name.value === '__type'
      if (!isOfSchema && (alias ?? name).value !== '__proto__') return undefined
      canBePlanned = false
      return BREAK
    },
    Directive({ name, arguments: given = [] }) {
      if (name.value !== 'skip' && name.value !== 'include') return
      for (const { value } of given) {
        if (value.kind === Kind.VARIABLE) switches.add(value.name.value)
      }
    },
  })
  return canBePlanned ? { canBePlanned, switches: [...switches] } : NO_PLAN
}
