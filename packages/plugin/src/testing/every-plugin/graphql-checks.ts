import { findGraphqlFaults } from '../../boot/find-graphql-faults.js'
import { graphqlSurface, typesReachableFrom } from '../../boot/graphql-surface.js'
import type { Check } from '../run/finding.js'
import type { Session } from '../run/session.js'
import { allOf } from './shape-checks.js'

/** What holds for a plugin's own GraphQL fields and types. */
export const graphqlChecks: readonly Check<Session>[] = [
  {
    name: 'graphql-can-be-built',
    means: {
      en: 'no two of its fields or types have the same name, and its resolvers are resolvers',
      zh: '字段与类型没有重名，resolver 均有效',
    },
    // Stryker disable next-line ArrayDeclaration: what is no resolver of the programme has no fields
    find: ({ plugin }) => allOf(findGraphqlFaults([plugin], []).map(({ fault }) => fault)),
  },
  {
    name: 'graphql-says-whose-it-is',
    means: {
      en: 'its fields and types have its id in their names, or are listed in `names`',
      zh: '字段与类型的名称含有插件 id，或已列入 `names`',
    },
    // Stryker disable next-line ArrayDeclaration: no field is called so
    async find({ plugin, options: { names = [] } }) {
      // Stryker disable next-line ArrayDeclaration: what is no class has no fields
      const { resolvers = [] } = plugin
      // Stryker disable next-line ConditionalExpression: saves a walk; without resolvers there are no fields
      if (resolvers.length === 0) return undefined
      const contract = new Set(
        typesReachableFrom(Object.values(await import('../../graphql/index.js'))).map(
          ({ identity }) => identity,
        ),
      )
      const { rootFields, types } = graphqlSurface(resolvers)
      const all = [
        ...rootFields.map(({ name }) => name.split('.')[1] ?? name),
        ...types.filter(({ identity }) => !contract.has(identity)).map(({ name }) => name),
      ]
      return allOf(
        all
          .filter((name) => !names.includes(name) && !speaksOf(name, plugin.id))
          .map((name) => `${name} does not say that it is of ${plugin.id}`),
      )
    },
  },
]

/** Whether a name has the words of an id in it, in their order: `CheckedInDay`, `checkIns`. */
function speaksOf(name: string, id: string): boolean {
  const words = name.split(/(?=[A-Z])|_/).map((word) => word.toLowerCase())
  const own = id.split('-')
  return words.some((_, start) =>
    own.every((word, place) => words[start + place]?.startsWith(word) ?? false),
  )
}
