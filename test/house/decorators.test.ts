import { GraphQLSchema, graphql } from 'graphql'
import { buildSchema, Field, Int, ObjectType, Query, Resolver } from 'type-graphql'
import { Column, getMetadataArgsStorage, PrimaryColumn } from 'typeorm'
import { describe, expect, it } from 'vitest'

class Owner {
  @PrimaryColumn({ type: 'varchar' })
  id!: string
}

@ObjectType()
class Purse {
  @Field(() => Int)
  @Column({ type: 'int' })
  coins!: number

  @Column({ type: 'simple-json' })
  owner!: Owner
}

@Resolver()
class PurseResolver {
  @Query(() => Purse)
  purse(): Purse {
    return Object.assign(new Purse(), { coins: 3 })
  }
}

describe('decorators under test', () => {
  it('carry the types of what they decorate', () => {
    expect(Reflect.getMetadata('design:type', Purse.prototype, 'owner')).toBe(Owner)
    expect(Reflect.getMetadata('design:returntype', PurseResolver.prototype, 'purse')).toBe(Purse)
    expect(getMetadataArgsStorage().filterColumns(Purse)).toHaveLength(2)
  })

  it('leave a declared property absent until it is given a value', () => {
    expect(Object.keys(new Purse())).toEqual([])
  })

  it('share one copy of graphql with type-graphql', async () => {
    const schema = await buildSchema({ resolvers: [PurseResolver], validate: false })
    expect(schema).toBeInstanceOf(GraphQLSchema)
    const { data, errors } = await graphql({ schema, source: '{ purse { coins } }' })
    expect(errors).toBeUndefined()
    expect(data).toEqual({ purse: { coins: 3 } })
  })
})
