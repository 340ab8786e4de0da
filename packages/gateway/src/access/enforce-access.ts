import { forbidden, unauthenticated } from '@pointwell/ledger/graphql'
import type { Access } from '@pointwell/plugin'
import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLSchema,
  isIntrospectionType,
  isObjectType,
} from 'graphql'
import type { GatewayContext } from '../gateway-context.js'
import { checkAccess, isAccess } from './check-access.js'

/** A field that a schema may not start with; `field` is `Type.field`. */
export interface AccessFault {
  readonly field: string
  readonly fault: string
}

type Field = GraphQLField<unknown, GatewayContext>

/** Root fields that say nothing about who may use them, and access lists that say nonsense. */
export function findAccessFaults(schema: GraphQLSchema): AccessFault[] {
  const faults: AccessFault[] = []
  for (const { type, field, isRoot } of fieldsOf(schema)) {
    const { access } = field.extensions
    if (access === undefined && !isRoot) continue
    const fault = faultOf(access)
    if (fault) faults.push({ field: `${type}.${field.name}`, fault })
  }
  return faults
}

/**
 * Puts a guard before every field that lists who may use it: before its resolver, and before the
 * start of a subscription. Says so in the field's description too.
 */
export function enforceAccess(schema: GraphQLSchema): void {
  for (const { field } of fieldsOf(schema)) {
    const access = field.extensions.access as readonly Access[] | undefined
    if (access === undefined) continue
    const { resolve = defaultFieldResolver, subscribe } = field
    if (subscribe) {
      field.subscribe = (source, args, context, info) => {
        assertAccess(context, access)
        return subscribe(source, args, context, info)
      }
    } else {
      field.resolve = (source, args, context, info) => {
        assertAccess(context, access)
        return resolve(source, args, context, info)
      }
    }
    const note = `Access: ${access.join(', ')}.`
    field.description = field.description ? `${field.description}\n\n${note}` : note
  }
}

function assertAccess({ viewer }: GatewayContext, access: readonly Access[]): void {
  const answer = checkAccess(viewer, access)
  if (answer === 'unauthenticated') throw unauthenticated()
  if (answer === 'forbidden') throw forbidden()
}

function faultOf(access: unknown): string | undefined {
  if (access === undefined) return 'does not say who may use it: @Extensions({ access: […] })'
  if (!Array.isArray(access) || access.length === 0) return 'has an access list that is empty'
  const unknown = access.find((word) => !isAccess(word))
  if (unknown !== undefined) return `lists an access that does not exist: ${String(unknown)}`
  return undefined
}

function* fieldsOf(
  schema: GraphQLSchema,
): Generator<{ type: string; field: Field; isRoot: boolean }> {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue
    for (const field of Object.values(type.getFields())) {
      yield { type: type.name, field, isRoot: roots.includes(type) }
    }
  }
}
