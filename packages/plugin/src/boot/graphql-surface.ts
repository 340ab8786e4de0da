import { GraphQLScalarType, isSpecifiedScalarType } from 'graphql'
// Only for the declaration of the global: type-graphql keeps its metadata there, one for all copies.
import type {} from 'type-graphql'
import type { Class } from '../contract/plugin.js'

/** A field as clients see it: `Query.me`, `Member.coupons`. */
export interface SurfaceField {
  readonly name: string
  /** `Class.method`, for the person who has to mend it. */
  readonly where: string
  /** Who answers it: the resolver's class. */
  readonly target: Class
}

/** A named type; two with the same name are the same only if `identity` is. */
export interface SurfaceType {
  readonly name: string
  readonly identity: unknown
}

/** All that some resolvers add to a schema. */
export interface GraphqlSurface {
  readonly rootFields: readonly SurfaceField[]
  /** Fields added to types from outside, by `@FieldResolver`, each with the type's class. */
  readonly addedFields: readonly (SurfaceField & { readonly type: Class })[]
  readonly types: readonly SurfaceType[]
  /** Names of classes given as resolvers that are none. */
  readonly strangers: readonly string[]
}

const storage = () => globalThis.TypeGraphQLMetadataStorage

/**
 * Reads what resolver classes declare out of type-graphql's metadata, before any schema is built.
 * Needed because a schema is of no help: of two fields with the same name the later wins silently, and
 * two types with the same name are an error that names neither's owner.
 */
export function graphqlSurface(resolvers: readonly Class[]): GraphqlSurface {
  const metadata = storage()
  if (!metadata) {
    return { rootFields: [], addedFields: [], types: [], strangers: resolvers.map(nameOf) }
  }
  const known = new Set<Class>(metadata.resolverClasses.map(({ target }) => target))
  const strangers = resolvers.filter((resolver) => !known.has(resolver)).map(nameOf)
  const mine = resolvers.flatMap(lineage)
  const isMine = ({ target }: { target: Class }) => mine.includes(target)

  const roots = [
    { type: 'Query', handlers: metadata.queries },
    { type: 'Mutation', handlers: metadata.mutations },
    { type: 'Subscription', handlers: metadata.subscriptions },
  ].map(({ type, handlers }) => ({ type, handlers: handlers.filter(isMine) }))
  const added = metadata.fieldResolvers.filter(
    (field) => field.kind === 'external' && isMine(field),
  )

  const walk = walkTypes()
  for (const { handlers } of roots) {
    for (const { target, methodName, getReturnType } of handlers) {
      walk.visit(getReturnType())
      walk.visitArguments(target, methodName)
    }
  }
  const addedFields = added.flatMap(({ target, methodName, schemaName, getType }) => {
    const type = metadata.resolverClasses.find((it) => it.target === target)?.getObjectType?.()
    walk.visit(getType?.())
    walk.visitArguments(target, methodName)
    if (!type) return []
    walk.visit(type)
    const name = `${typeNameOf(type)}.${schemaName}`
    return [{ name, type, target, where: `${nameOf(target)}.${methodName}` }]
  })

  return {
    rootFields: roots.flatMap(({ type, handlers }) =>
      handlers.map(({ schemaName, methodName, target }) => ({
        name: `${type}.${schemaName}`,
        target,
        where: `${nameOf(target)}.${methodName}`,
      })),
    ),
    addedFields,
    types: walk.types(),
    strangers,
  }
}

/** The named types among these and all that they name. */
export function typesReachableFrom(types: readonly unknown[]): readonly SurfaceType[] {
  if (!storage()) return []
  const walk = walkTypes()
  types.forEach(walk.visit)
  return walk.types()
}

/** Whether a type's own class declares a field. */
export function declaresField(type: Class, fieldName: string): boolean {
  const line = lineage(type)
  return (storage()?.fields ?? []).some(
    ({ target, schemaName }) => schemaName === fieldName && line.includes(target),
  )
}

/** Follows types to all types they name. */
function walkTypes() {
  const metadata = storage()
  const found = new Map<unknown, SurfaceType>()
  const seen = new Set<unknown>()

  function visit(type: unknown): void {
    if (type === undefined || type === null || seen.has(type)) return
    seen.add(type)
    if (Array.isArray(type)) {
      type.forEach(visit)
    } else if (type instanceof GraphQLScalarType) {
      if (!isSpecifiedScalarType(type)) found.set(type, { name: type.name, identity: type })
    } else if (typeof type === 'symbol') {
      for (const union of metadata.unions.filter(({ symbol }) => symbol === type)) {
        found.set(union, { name: union.name, identity: union })
        visit(union.getClassTypes())
      }
    } else if (typeof type === 'function') {
      visitClass(type)
    } else {
      for (const { enumObj, name } of metadata.enums) {
        if (enumObj === type) found.set(enumObj, { name, identity: enumObj })
      }
    }
  }

  function visitClass(type: Class): void {
    const { objectTypes, inputTypes, interfaceTypes } = metadata
    for (const definition of [...objectTypes, ...inputTypes, ...interfaceTypes]) {
      if (definition.target !== type) continue
      // The definition, for a class can be an input and an object, which are two types.
      found.set(definition, { name: definition.name, identity: definition })
      if ('interfaceClasses' in definition) visit(definition.interfaceClasses)
    }
    for (const ancestor of lineage(type).slice(1)) visit(ancestor)
    for (const field of metadata.fields.filter(({ target }) => target === type)) {
      visit(field.getType())
      visitArguments(type, field.name)
    }
  }

  function visitArguments(target: Class, method: string): void {
    const line = lineage(target)
    for (const param of metadata.params) {
      if (param.methodName !== method || !line.includes(param.target)) continue
      if (param.kind === 'arg' || param.kind === 'args') visit(param.getType())
    }
  }

  return { visit, visitArguments, types: () => [...found.values()] }
}

/** A class and those it extends. */
function lineage(type: Class): Class[] {
  const line: Class[] = []
  for (let it: unknown = type; typeof it === 'function' && it !== Function.prototype; ) {
    line.push(it)
    it = Object.getPrototypeOf(it)
  }
  return line
}

function typeNameOf(type: Class): string {
  const { objectTypes, interfaceTypes } = storage()
  return (
    [...objectTypes, ...interfaceTypes].find(({ target }) => target === type)?.name ?? nameOf(type)
  )
}

function nameOf(type: Class): string {
  return type.name === '' ? 'a class without a name' : type.name
}
