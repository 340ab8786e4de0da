import type { Access } from '@pointwell/plugin'
import type { GraphQLResolveInfo, GraphQLSchema } from 'graphql'
import { Extensions, Field, Info, ObjectType, Query, Resolver } from 'type-graphql'
import { printSubgraph } from './print-subgraph.js'

/** Who may read the whole schema: whoever runs the programme, and whoever runs the router for it. */
const READERS: readonly Access[] = ['viewer', 'support', 'rules', 'finance', 'admin']

@ObjectType('_Service', {
  description: 'This server as a subgraph of Apollo Federation.',
  simpleResolvers: true,
})
export class SubgraphType {
  @Field(() => String, {
    description:
      'The schema that a router composes with others, as `pointwell schema --subgraph` prints it.',
  })
  sdl!: string
}

/** A8: what a router composes. */
@Resolver()
export class SubgraphResolver {
  readonly #printed = new WeakMap<GraphQLSchema, string>()

  @Extensions({ access: READERS })
  @Query(() => SubgraphType, {
    name: '_service',
    description: 'The schema, for a router of Apollo Federation. It asks at its own start only.',
  })
  subgraph(@Info() { schema }: GraphQLResolveInfo): SubgraphType {
    let sdl = this.#printed.get(schema)
    if (sdl === undefined) {
      sdl = printSubgraph(schema)
      this.#printed.set(schema, sdl)
    }
    return Object.assign(new SubgraphType(), { sdl })
  }
}
