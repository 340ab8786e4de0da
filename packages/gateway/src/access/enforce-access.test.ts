import type { Access, OperatorRole, Viewer } from '@pointwell/plugin'
import {
  Extensions,
  Field,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql'
import { describe, expect, it } from 'vitest'
import { openTestGateway } from '../../../../test/support/test-gateway.js'
import { buildPointwellSchema, SchemaFault } from '../schema/build-pointwell-schema.js'
import { checkAccess } from './check-access.js'

const at = 1
const operator = (...roles: OperatorRole[]): Viewer => ({
  kind: 'operator',
  subject: 'o',
  roles,
  expiresAt: at,
})
const viewers: Record<string, Viewer> = {
  anonymous: { kind: 'anonymous' },
  member: { kind: 'member', subject: 'm', expiresAt: at },
  storefront: { kind: 'storefront', subject: 's', expiresAt: at },
  partner: { kind: 'partner', subject: 'p', expiresAt: at },
  viewer: operator('viewer'),
  support: operator('support'),
  rules: operator('rules'),
  finance: operator('finance'),
  admin: operator('admin'),
  'rules+finance': operator('rules', 'finance'),
}

describe('A6: checkAccess', () => {
  const mayUse = (access: Access[]) =>
    Object.keys(viewers).filter((name) => checkAccess(viewers[name]!, access) === 'allowed')

  it.each<[Access[], string[]]>([
    [[], []],
    [['anyone'], Object.keys(viewers)],
    [['member'], ['member']],
    [
      ['storefront', 'member'],
      ['member', 'storefront'],
    ],
    [['partner'], ['partner']],
    [['rules'], ['rules', 'admin', 'rules+finance']],
    [['viewer'], ['viewer', 'admin']],
    [['admin'], ['admin']],
    [
      ['finance', 'support'],
      ['support', 'finance', 'admin', 'rules+finance'],
    ],
  ])('%j lets in %j', (access, names) => {
    expect(mayUse(access)).toEqual(names)
  })

  it('tells one who is not known from one who may not', () => {
    expect(checkAccess(viewers.anonymous!, ['member'])).toBe('unauthenticated')
    expect(checkAccess(viewers.partner!, ['member'])).toBe('forbidden')
    expect(checkAccess(viewers.admin!, ['member'])).toBe('forbidden')
    expect(checkAccess(viewers.admin!, [])).toBe('forbidden')
  })
})

describe('A6: default deny', () => {
  it('builds no schema with a root field that does not say who may use it', () => {
    @Resolver()
    class Careless {
      @Query(() => String)
      open() {
        return 'open'
      }
      @Extensions({ access: [] })
      @Mutation(() => String)
      empty() {
        return 'empty'
      }
      @Extensions({ access: ['members'] })
      @Subscription(() => String, { subscribe: () => [] as never })
      misspelt() {
        return ''
      }
    }
    const build = () => buildPointwellSchema({ resolvers: [Careless] })
    expect(build).toThrow(SchemaFault)
    expect(build).toThrow(/Query\.open does not say.*Mutation\.empty.*Subscription\.misspelt/s)
  })

  it('builds no schema in which two resolvers define the same root field', () => {
    @Resolver()
    class One {
      @Extensions({ access: ['anyone'] })
      @Query(() => String)
      same() {
        return '1'
      }
    }
    @Resolver()
    class Two {
      @Extensions({ access: ['anyone'] })
      @Query(() => String)
      same() {
        return '2'
      }
    }
    expect(() => buildPointwellSchema({ resolvers: [One, Two] })).toThrow(
      'Query.same is defined twice: One.same and Two.same',
    )
    expect(() => buildPointwellSchema({ resolvers: [One] })).not.toThrow()
  })

  it('guards fields inside an object, and says in the schema who may use what', async () => {
    @ObjectType()
    class Thing {
      @Field(() => String)
      open!: string

      @Extensions({ access: ['finance'] })
      @Field(() => String, { nullable: true, description: 'What it cost.' })
      cost!: string
    }
    @Resolver(() => Thing)
    class Things {
      @Extensions({ access: ['anyone'] })
      @Query(() => Thing)
      thing(@Root() _root: unknown): Thing {
        return Object.assign(new Thing(), { open: 'yes', cost: '5' })
      }
    }
    const { ask, token } = await openTestGateway({ resolvers: [Things] })
    const query = '{ thing { open cost } }'
    expect(
      (await ask(query, { token: await token('operator', { roles: ['finance'] }) })).data,
    ).toEqual({ thing: { open: 'yes', cost: '5' } })
    const refused = await ask(query, { token: await token('operator', { roles: ['support'] }) })
    expect(refused.data).toEqual({ thing: { open: 'yes', cost: null } })
    expect(refused.errors).toMatchObject([
      { path: ['thing', 'cost'], extensions: { code: 'FORBIDDEN' } },
    ])
    expect((await ask(query)).errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
    const { schema } = { schema: buildPointwellSchema({ resolvers: [Things] }) }
    const field = schema.getQueryType()!.getFields().thing!
    expect(field.description).toBe('Access: anyone.')
  })
})
