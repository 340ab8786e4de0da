import type { Class, Plugin } from '../contract/plugin.js'
import { declaresField, type GraphqlSurface, graphqlSurface } from './graphql-surface.js'
import type { PluginBootFault } from './plugin-boot-error.js'

/** Names that GraphQL itself has taken. */
const TAKEN = new Set([
  'Query',
  'Mutation',
  'Subscription',
  'String',
  'Int',
  'Float',
  'Boolean',
  'ID',
])

interface Owned {
  readonly owner: string
  readonly surface: GraphqlSurface
}

/** Fields and types that two have declared, or that collide with the programme's own. */
export function findGraphqlFaults(
  plugins: readonly Plugin[],
  coreResolvers: readonly Class[],
): PluginBootFault[] {
  const core: Owned = { owner: 'the programme', surface: graphqlSurface(coreResolvers) }
  const own = plugins.map(({ id, resolvers = [] }) => ({
    owner: id,
    surface: graphqlSurface(resolvers),
  }))
  return [
    ...own.flatMap(({ owner, surface }) =>
      surface.strangers.map((name) => ({ plugin: owner, fault: `its ${name} is not a resolver` })),
    ),
    ...findFieldFaults(core, own),
    ...findOverriddenFields(core, own),
    ...findTypeFaults(core, own),
  ]
}

function findFieldFaults(core: Owned, own: readonly Owned[]): PluginBootFault[] {
  const first = new Map<string, { owner: string; where: string; target: Class }>()
  const faults: PluginBootFault[] = []
  for (const { owner, surface } of [core, ...own]) {
    for (const field of [...surface.rootFields, ...surface.addedFields]) {
      const other = first.get(field.name)
      if (!other) {
        first.set(field.name, { ...field, owner })
      } else if (other.target !== field.target || other.where !== field.where) {
        faults.push({
          plugin: owner,
          fault: `its field ${field.name} (${field.where}) is ${possessive(other.owner, owner)} too (${other.where})`,
        })
      }
    }
  }
  // What two of the programme's own resolvers share is not a plugin's fault.
  return faults.filter(({ plugin }) => plugin !== core.owner)
}

/** A plugin may add fields to the programme's types, but not answer for those they have. */
function findOverriddenFields(core: Owned, own: readonly Owned[]): PluginBootFault[] {
  const coreTypes = new Set(core.surface.types.map(({ name }) => name))
  return own.flatMap(({ owner, surface }) =>
    surface.addedFields.flatMap(({ name, type, where }) => {
      const [typeName = '', fieldName = ''] = name.split('.')
      return coreTypes.has(typeName) && declaresField(type, fieldName)
        ? [{ plugin: owner, fault: `its ${where} would replace the programme’s field ${name}` }]
        : []
    }),
  )
}

function findTypeFaults(core: Owned, own: readonly Owned[]): PluginBootFault[] {
  const first = new Map<string, { owner: string; identity: unknown }>()
  const faults: PluginBootFault[] = []
  for (const { owner, surface } of [core, ...own]) {
    for (const { name, identity } of surface.types) {
      const other = first.get(name)
      if (TAKEN.has(name)) {
        faults.push({ plugin: owner, fault: `its type ${name} has a name that GraphQL has taken` })
      } else if (!other) {
        first.set(name, { owner, identity })
      } else if (other.identity !== identity) {
        faults.push({
          plugin: owner,
          fault: `its type ${name} has the name of another type of ${possessive(other.owner, owner)}`,
        })
      }
    }
  }
  return faults.filter(({ plugin }) => plugin !== core.owner)
}

function possessive(other: string, owner: string): string {
  return other === owner ? 'its own' : `${other}’s`
}
