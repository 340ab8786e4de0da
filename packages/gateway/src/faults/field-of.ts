import { type ASTNode, type DocumentNode, Kind, visit } from 'graphql'

/** The input that a literal belongs to, as a path: `input.lines.2.quantity`. `way` is what lies above the
 * literal, from the document down to itself. */
export function fieldOf(way: readonly (ASTNode | readonly ASTNode[])[]): string {
  const path: (string | number)[] = []
  for (const [place, step] of way.entries()) {
    if ('kind' in step) {
      if (step.kind === Kind.ARGUMENT || step.kind === Kind.OBJECT_FIELD) {
        path.push(step.name.value)
      } else if (step.kind === Kind.VARIABLE_DEFINITION) {
        path.push(step.variable.name.value)
      }
      continue
    }
    const list = way[place - 1]
    const item = way[place + 1]
    if (list && 'kind' in list && list.kind === Kind.LIST && item) {
      path.push(step.indexOf(item as ASTNode))
    }
  }
  return path.join('.')
}

/** The same for a node somewhere in a document; undefined when it is no input. */
export function findFieldOf(document: DocumentNode, wanted: ASTNode): string | undefined {
  let field: string | undefined
  visit(document, {
    enter(node, _key, parent, _path, ancestors) {
      if (node !== wanted) return undefined
      field = fieldOf(parent ? [...ancestors, parent, node] : [node])
      return false
    },
  })
  return field || undefined
}
