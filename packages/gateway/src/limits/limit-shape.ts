import {
  type ASTVisitor,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql'
import { limitExceeded } from './limit-exceeded.js'
import type { Limits } from './limits.js'

interface Shape {
  readonly depth: number
  readonly fields: number
  readonly aliases: number
  readonly directives: number
}
export type ShapeLimits = Pick<Limits, keyof Shape | 'definitions' | 'variables'>

const NOTHING: Shape = { depth: 0, fields: 0, aliases: 0, directives: 0 }
const WIDTHS = ['fields', 'aliases', 'directives', 'variables'] as const

/**
 * A validation rule: how deep and how wide an operation is. Each fragment is measured once, however
 * often it is spread: a document cannot make the measuring itself expensive. It measures before any
 * other rule looks, and leaves them nothing of a document that is too large: some of the language's
 * rules take times that grow with the square of it.
 */
export function limitShape(limits: ShapeLimits) {
  return (context: ValidationContext): ASTVisitor => {
    const document = context.getDocument()
    const faults = findShapeFaults(document, limits, (name) => context.getFragment(name))
    for (const fault of faults) context.reportError(fault)
    if (faults.length > 0)
      (document as { definitions: DocumentNode['definitions'] }).definitions = []
    return {}
  }
}

function findShapeFaults(
  { definitions }: DocumentNode,
  limits: ShapeLimits,
  findFragment: (name: string) => FragmentDefinitionNode | null | undefined,
): GraphQLError[] {
  if (definitions.length > limits.definitions) {
    return [limitExceeded('definitions', `More than ${limits.definitions} ${WORDS.definitions}.`)]
  }
  const measured = new Map<string, Shape>()
  const found = new Map<keyof ShapeLimits, GraphQLError>()
  for (const definition of definitions) {
    if (!('selectionSet' in definition)) continue
    const shape = measureSelections(definition.selectionSet)
    const variables = definition.variableDefinitions?.length ?? 0
    const directives = shape.directives + (definition.directives?.length ?? 0)
    const sizes = { ...shape, directives, variables }
    // Of a fragment too, whether it is spread or not, because rules look at it; its depth is that of
    // whoever spreads it.
    const isFragment = definition.kind === Kind.FRAGMENT_DEFINITION
    for (const limit of [...(isFragment ? [] : (['depth'] as const)), ...WIDTHS]) {
      if (sizes[limit] <= limits[limit] || found.has(limit)) continue
      const message = `More than ${limits[limit]} ${WORDS[limit]} in one operation.`
      found.set(limit, limitExceeded(limit, message, { nodes: [definition] }))
    }
  }
  return [...found.values()]

  function measureSelections({ selections }: SelectionSetNode): Shape {
    let { depth, fields, aliases, directives } = NOTHING
    for (const selection of selections) {
      const part =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? measureFragment(findFragment(selection.name.value))
          : selection.selectionSet
            ? measureSelections(selection.selectionSet)
            : NOTHING
      const isField = selection.kind === Kind.FIELD
      // What a schema says of itself is deep by nature, and graphql limits that depth by a rule of its own.
      const isAboutItself = isField && selection.name.value.startsWith('__')
      depth = Math.max(depth, isAboutItself ? 1 : part.depth + (isField ? 1 : 0))
      fields += part.fields + (isField ? 1 : 0)
      aliases += part.aliases + (isField && selection.alias ? 1 : 0)
      directives += part.directives + (selection.directives?.length ?? 0)
    }
    return { depth, fields, aliases, directives }
  }

  function measureFragment(fragment: FragmentDefinitionNode | null | undefined): Shape {
    if (!fragment) return NOTHING
    const name = fragment.name.value
    const known = measured.get(name)
    if (known) return known
    // Stands while it is measured: one that spreads itself ends here, and another rule refuses it.
    measured.set(name, NOTHING)
    const shape = measureSelections(fragment.selectionSet)
    measured.set(name, shape)
    return shape
  }
}

const WORDS = {
  definitions: 'operations and fragments in one document',
  depth: 'levels of fields',
  fields: 'fields',
  aliases: 'aliases',
  directives: 'directives',
  variables: 'variables',
} as const
