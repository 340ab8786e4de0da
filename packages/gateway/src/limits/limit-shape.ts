import {
  type ASTVisitor,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql'
import { limitExceeded } from './limit-exceeded.js'
import type { Limits } from './limits.js'

interface Shape {
  readonly depth: number
  readonly fields: number
  readonly aliases: number
}

const NOTHING: Shape = { depth: 0, fields: 0, aliases: 0 }

/**
 * A validation rule: how deep and how wide an operation is. Each fragment is measured once, however
 * often it is spread: a document cannot make the measuring itself expensive.
 */
export function limitShape(limits: Pick<Limits, 'depth' | 'fields' | 'aliases'>) {
  return (context: ValidationContext): ASTVisitor => {
    const measured = new Map<string, Shape>()
    return {
      OperationDefinition(operation: OperationDefinitionNode) {
        const shape = measureSelections(operation.selectionSet)
        for (const limit of ['depth', 'fields', 'aliases'] as const) {
          if (shape[limit] <= limits[limit]) continue
          context.reportError(
            limitExceeded(limit, `More than ${limits[limit]} ${WORDS[limit]} in one operation.`, {
              nodes: [operation],
            }),
          )
        }
        return false
      },
    }

    function measureSelections({ selections }: SelectionSetNode): Shape {
      let { depth, fields, aliases } = NOTHING
      for (const selection of selections) {
        const part =
          selection.kind === Kind.FRAGMENT_SPREAD
            ? measureFragment(context.getFragment(selection.name.value))
            : selection.selectionSet
              ? measureSelections(selection.selectionSet)
              : NOTHING
        const isField = selection.kind === Kind.FIELD
        // What a schema says of itself is deep by nature, and graphql limits that depth by a rule of its own.
        const isAboutItself = isField && selection.name.value.startsWith('__')
        depth = Math.max(depth, isAboutItself ? 1 : part.depth + (isField ? 1 : 0))
        fields += part.fields + (isField ? 1 : 0)
        aliases += part.aliases + (isField && selection.alias ? 1 : 0)
      }
      return { depth, fields, aliases }
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
}

const WORDS = { depth: 'levels of fields', fields: 'fields', aliases: 'aliases' } as const
