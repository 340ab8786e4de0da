import { GraphQLEnumType, graphql } from 'graphql'
import { Arg, buildSchemaSync, Field, ObjectType, Query, Resolver } from 'type-graphql'
import { describe, expect, it } from 'vitest'
import { COMMON_REFUSALS, refuse } from '../index.js'
import { refusalRegistry, registerRefusalCodes, resultUnion, toRefusalType } from './index.js'

const words = { en: 'The tea is out.', zh: '茶叶已售罄。' }

@ObjectType('GraphqlTestTea')
class Tea {
  @Field(() => String)
  name!: string
}
const TeaResult = resultUnion('GraphqlTestTeaResult', Tea)

@Resolver()
class TeaResolver {
  @Query(() => TeaResult)
  graphqlTestTea(@Arg('name', () => String) name: string): typeof TeaResult {
    if (name === 'none') {
      return toRefusalType(
        refuse('TEA_IS_OUT', {
          field: 'name',
          available: 0,
          needed: 1,
          limit: 5,
          when: 0,
          detail: 'the last tin went at nine',
        }),
        'zh',
      )
    }
    return { name }
  }
}

describe('refusal codes', () => {
  it('have common ones from the start', () => {
    expect([...refusalRegistry().keys()].slice(0, 3)).toEqual(Object.keys(COMMON_REFUSALS))
  })

  it('are registered once, with words that stay', () => {
    registerRefusalCodes({ TEA_IS_OUT: words })
    registerRefusalCodes({ TEA_IS_OUT: { ...words } })
    expect(refusalRegistry().get('TEA_IS_OUT')).toEqual(words)
    expect(() => registerRefusalCodes({ TEA_IS_OUT: { ...words, en: 'Gone.' } })).toThrow(
      'The refusal code TEA_IS_OUT already has other words: "The tea is out.".',
    )
    expect(() => registerRefusalCodes({ teaIsOut: words })).toThrow(TypeError)
    expect(() => toRefusalType(refuse('COFFEE_IS_OUT'), 'en')).toThrow(/Nobody registered/)
  })

  it('A2: are a closed enum of the schema, and a refusal is one side of a union', async () => {
    registerRefusalCodes({ TEA_IS_OUT: words })
    const schema = buildSchemaSync({ resolvers: [TeaResolver], validate: false })
    const codes = schema.getType('RefusalCode')
    expect(codes).toBeInstanceOf(GraphQLEnumType)
    expect((codes as GraphQLEnumType).getValue('TEA_IS_OUT')?.description).toBe(words.en)
    const ask = async (name: string) =>
      graphql({
        schema,
        source: `{ graphqlTestTea(name: "${name}") { __typename ... on GraphqlTestTea { name }
          ... on Refusal { code message field available needed limit when detail } } }`,
      })
    const refused = await ask('none')
    expect(refused.errors).toBeUndefined()
    expect(refused.data?.graphqlTestTea).toEqual({
      __typename: 'Refusal',
      code: 'TEA_IS_OUT',
      message: '茶叶已售罄。',
      field: 'name',
      available: 0,
      needed: 1,
      limit: 5,
      when: '1970-01-01T00:00:00.000Z',
      detail: 'the last tin went at nine',
    })
    expect((await ask('oolong')).data?.graphqlTestTea).toEqual({
      __typename: 'GraphqlTestTea',
      name: 'oolong',
    })
  })
})
