import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLAbstractType,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  TypeNameMetaFieldDef,
  typeFromAST,
} from 'graphql'

/** What is known of an answer before there is a value for it. */
export type Shape =
  | { readonly kind: 'leaf'; readonly isNullable: boolean; readonly type: GraphQLLeafType }
  | { readonly kind: 'list'; readonly isNullable: boolean; readonly item: Shape }
  | { readonly kind: 'object'; readonly isNullable: boolean; readonly type: GraphQLObjectType }
  | { readonly kind: 'abstract'; readonly isNullable: boolean; readonly type: GraphQLAbstractType }

/** One name in an answer, and all there is to know about how it is answered. */
export interface FieldPlan {
  /** The name in the answer. */
  readonly key: string
  readonly parentType: GraphQLObjectType
  readonly nodes: readonly FieldNode[]
  readonly definition: Field
  readonly shape: Shape
  /** What is asked for below it, by the type that turns up; made when one does. */
  readonly below: Map<GraphQLObjectType, SelectionPlan>
}

export interface SelectionPlan {
  /** The answer before anything is known: every name in its order, null, and `__typename` in its place. To
   * be copied: an object that has its names from the beginning need not grow. */
  readonly blank: Readonly<Record<string, unknown>>
  /** What is asked for besides `__typename`. */
  readonly fields: readonly FieldPlan[]
}

type Field = GraphQLField<unknown, unknown>

/**
 * How an operation is run, with its switches as they stand. It is made as far as answers need it: a part
 * that no value ever reaches is never looked at, so a plan costs no more than running without one.
 */
export interface OperationPlan {
  readonly operation: OperationDefinitionNode
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>
  readonly root: GraphQLObjectType
  readonly selection: SelectionPlan
  below(field: FieldPlan, type: GraphQLObjectType): SelectionPlan
}

export function planOperation({
  schema,
  operation,
  fragments,
  root,
  variables,
  onGrowth,
}: {
  schema: GraphQLSchema
  operation: OperationDefinitionNode
  fragments: Readonly<Record<string, FragmentDefinitionNode>>
  root: GraphQLObjectType
  /** Coerced; of them only the switches are looked at. */
  variables: Readonly<Record<string, unknown>>
  /** Hears how many fields have been planned, whenever there are more. */
  onGrowth: (fields: number) => void
}): OperationPlan {
  const shapes = new Map<GraphQLOutputType, Shape>()
  // A fragment that is spread in many places is planned once a type, not once a place.
  const shared = new Map<SelectionSetNode, Map<GraphQLObjectType, SelectionPlan>>()
  let size = 0

  return {
    operation,
    fragments,
    root,
    selection: plan(root, [operation.selectionSet]),
    below(field, type) {
      let selection = field.below.get(type)
      if (!selection) {
        selection = planBelow(field, type)
        field.below.set(type, selection)
      }
      return selection
    },
  }

  function planBelow({ nodes }: FieldPlan, type: GraphQLObjectType): SelectionPlan {
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
    const [only] = sets
    if (!only || sets.length > 1) return plan(type, sets)
    let byType = shared.get(only)
    if (!byType) {
      byType = new Map()
      shared.set(only, byType)
    }
    let selection = byType.get(type)
    if (!selection) {
      selection = plan(type, sets)
      byType.set(type, selection)
    }
    return selection
  }

  function plan(type: GraphQLObjectType, sets: readonly SelectionSetNode[]): SelectionPlan {
    const nodesByKey = new Map<string, FieldNode[]>()
    const spread = new Set<string>()
    for (const { selections } of sets) collect(type, selections, { nodesByKey, spread })
    const blank: Record<string, unknown> = {}
    const fields: FieldPlan[] = []
    for (const [key, nodes] of nodesByKey) {
      const name = nodes[0]!.name.value
      const isTypename = name === TypeNameMetaFieldDef.name
      const definition = type.getFields()[name]
      if (isTypename) blank[key] = type.name
      else if (definition) {
        blank[key] = null
        const shape = shapeOf(definition.type)
        fields.push({ key, parentType: type, nodes, definition, shape, below: new Map() })
      }
    }
    size += nodesByKey.size
    onGrowth(size)
    return { blank, fields }
  }

  function shapeOf(type: GraphQLOutputType): Shape {
    let shape = shapes.get(type)
    if (!shape) {
      shape = isNonNullType(type)
        ? { ...shapeOf(type.ofType), isNullable: false }
        : nullableShapeOf(type)
      shapes.set(type, shape)
    }
    return shape
  }

  function nullableShapeOf(type: GraphQLOutputType): Shape {
    if (isListType(type)) return { kind: 'list', isNullable: true, item: shapeOf(type.ofType) }
    if (isLeafType(type)) return { kind: 'leaf', isNullable: true, type }
    if (isAbstractType(type)) return { kind: 'abstract', isNullable: true, type }
    return { kind: 'object', isNullable: true, type: type as GraphQLObjectType }
  }

  /** In the order of the language: depth first, a fragment where it is first spread. */
  function collect(
    type: GraphQLObjectType,
    selections: readonly SelectionNode[],
    into: { nodesByKey: Map<string, FieldNode[]>; spread: Set<string> },
  ): void {
    for (const selection of selections) {
      if (!isIncluded(selection)) continue
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value
        const nodes = into.nodesByKey.get(key)
        if (nodes) nodes.push(selection)
        else into.nodesByKey.set(key, [selection])
        continue
      }
      const fragment =
        selection.kind === Kind.FRAGMENT_SPREAD ? open(selection.name.value) : selection
      if (fragment && isFor(type, fragment)) collect(type, fragment.selectionSet.selections, into)
    }

    function open(name: string): FragmentDefinitionNode | undefined {
      if (into.spread.has(name)) return undefined
      into.spread.add(name)
      return fragments[name]
    }
  }

  function isFor(
    type: GraphQLObjectType,
    { typeCondition }: Pick<Partial<FragmentDefinitionNode>, 'typeCondition'>,
  ): boolean {
    if (!typeCondition) return true
    const wanted = typeFromAST(schema, typeCondition)
    return wanted === type || (isAbstractType(wanted) && schema.isSubType(wanted, type))
  }

  function isIncluded(selection: SelectionNode): boolean {
    if (!selection.directives?.length) return true
    return (
      getDirectiveValues(GraphQLSkipDirective, selection, variables)?.if !== true &&
      getDirectiveValues(GraphQLIncludeDirective, selection, variables)?.if !== false
    )
  }
}

/** The object type of that name that an abstract one may turn out to be. */
export function findPossibleType(
  schema: GraphQLSchema,
  abstract: GraphQLAbstractType,
  name: unknown,
): GraphQLObjectType | undefined {
  const type = typeof name === 'string' ? schema.getType(name) : undefined
  return isObjectType(type) && schema.isSubType(abstract, type) ? type : undefined
}
