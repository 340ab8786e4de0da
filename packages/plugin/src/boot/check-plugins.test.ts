import 'reflect-metadata'
import {
  Arg,
  Field,
  FieldResolver,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql'
import { Column, Entity, EntitySchema, PrimaryColumn } from 'typeorm'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { PointsScalar, RefusalType } from '../graphql/index.js'
import { type Class, defineEarnSource, defineNotifier, type Plugin, points } from '../index.js'
import {
  assertPlugins,
  type BootChecks,
  checkPlugins,
  findMissingTables,
  PluginBootError,
} from './index.js'

// ── The programme's own ─────────────────────────────────────────────────────────────────────

@ObjectType('BootMember')
class Member {
  @Field(() => String)
  id!: string
}

@Resolver(() => Member)
class CoreResolver {
  @Query(() => Member)
  bootMe() {
    return new Member()
  }

  @FieldResolver(() => PointsScalar)
  balance() {
    return 1
  }
}

// ── Plugins' parts ──────────────────────────────────────────────────────────────────────────

@ObjectType('BootBadge')
class Badge {
  @Field(() => RefusalType, { nullable: true })
  refusal?: RefusalType
}

@Resolver()
class BadgeResolver {
  @Query(() => [Badge])
  bootBadges(): Badge[] {
    return []
  }
}

@Resolver(() => Member)
class MemberBadgesResolver {
  @FieldResolver(() => [Badge])
  badges(): Badge[] {
    return []
  }
}

@Resolver(() => Member)
class MoreBadgesResolver {
  @FieldResolver(() => Number)
  badges(): number {
    return 1
  }
}

@Resolver(() => Member)
class MemberIdResolver {
  @FieldResolver(() => String)
  id(): string {
    return 'mine'
  }
}

@Resolver(() => Member)
class BalanceResolver {
  @FieldResolver(() => PointsScalar)
  balance(): number {
    return 1_000_000
  }
}

@Resolver()
class MeResolver {
  @Query(() => String, { name: 'bootMe' })
  whoever(): string {
    return 'me'
  }
}

@Resolver()
class OtherBadgesResolver {
  @Query(() => String)
  bootBadges(): string {
    return 'none'
  }
}

@Resolver()
class BadgesMutationResolver {
  @Mutation(() => String)
  bootBadges(): string {
    return 'a query and a mutation may share a name'
  }
}

@ObjectType('BootBadge')
class AnotherBadge {
  @Field(() => String)
  name!: string
}

@InputType('BootOuter')
class BadgeInput {
  @Field(() => [AnotherBadgeInput])
  inner!: AnotherBadgeInput[]
}

@InputType('BootBadge')
class AnotherBadgeInput {
  @Field(() => String)
  name!: string
}

@Resolver()
class AnotherBadgeResolver {
  @Query(() => [AnotherBadge])
  bootOtherBadges(): AnotherBadge[] {
    return []
  }
}

@Resolver()
class DeepBadgeResolver {
  @Mutation(() => Boolean)
  bootGive(@Arg('input', () => BadgeInput) _input: BadgeInput): boolean {
    return true
  }
}

@ObjectType('BootMember')
class FalseMember {
  @Field(() => String)
  id!: string
}

@Resolver()
class FalseMemberResolver {
  @Query(() => FalseMember)
  bootSomebody() {
    return new FalseMember()
  }
}

@ObjectType('Query')
class TakenName {
  @Field(() => String)
  id!: string
}

@Resolver()
class TakenNameResolver {
  @Query(() => TakenName)
  bootTaken() {
    return new TakenName()
  }
}

class NoResolver {}

@Entity('badge_awarded')
class AwardedEntity {
  @PrimaryColumn({ type: 'varchar' })
  id!: string
}

@Entity('wallet')
class WalletEntity {
  @PrimaryColumn({ type: 'varchar' })
  id!: string
  @Column({ type: 'int' })
  points!: number
}

@Entity()
class BadgeSeries {
  @PrimaryColumn({ type: 'varchar' })
  id!: string
}

class NoEntity {}
const schemaEntity = new EntitySchema<{ id: string }>({
  name: 'BadgeAwarded',
  tableName: 'badge_awarded',
  columns: { id: { type: 'varchar', primary: true } },
})

class CreateBadges1700000000001 {
  async up() {}
  async down() {}
}
class CreateBadges {
  async up() {}
  async down() {}
}
class Renamed {
  name = 'CreateBadges1700000000001'
  async up() {}
  async down() {}
}

const right = {
  kind: 'notifier',
  id: 'badge',
  version: '1.0.0',
  contract: '^1.0.0',
  title: { en: 'Badge', zh: '徽章' },
  settings: z.strictObject({ points: points().default(5) }),
  deliver: async () => ({ outcome: 'delivered' }),
}
const other = { ...right, id: 'medal' }
const source = {
  ...right,
  kind: 'earn-source',
  core: true,
  event: z.object({}),
  memory: z.object({}),
  scope: 'member',
  once: () => 'once',
  decide: () => ({}),
}
const words = { en: 'No.', zh: '不。' }

type Row = [
  fault: string,
  plugins: unknown[],
  named: Array<[plugin: string, fault: string | RegExp]>,
  checks?: BootChecks,
]

const core = (...resolvers: Class[]): BootChecks => ({
  core: { resolvers, refusals: ['ORDER_NOT_FOUND'] },
})

/** One row a fault: what is wrong, the plugins, and who is named for what. */
const rows: Row[] = [
  // Shape
  [
    'no plugin at all',
    [null, 'badge', 7],
    [
      ['plugin number 1', /not a plugin but object/],
      ['plugin number 2', /not a plugin but string/],
      ['plugin number 3', /not a plugin but number/],
    ],
  ],
  ['bad id', [{ ...right, id: 'Badge_1' }], [['Badge_1', /its id must be lower-case words/]]],
  ['no id', [{ ...right, id: undefined }], [['plugin number 1', /its id must be/]]],
  [
    'an id that is too long',
    [{ ...right, id: 'a'.repeat(41) }],
    [['a'.repeat(41), /its id must be/]],
  ],
  [
    'bad version',
    [{ ...right, version: 'one' }],
    [['badge', /its version must be a semantic version/]],
  ],
  [
    'bad range',
    [{ ...right, contract: 'newest please' }],
    [['badge', /its contract must be a range/]],
  ],
  ['no range', [{ ...right, contract: '' }], [['badge', /its contract must be a range/]]],
  [
    'a title in one language',
    [{ ...right, title: { en: 'Badge' } }],
    [['badge', /its title must say something in every language/]],
  ],
  ['unknown kind', [{ ...right, kind: 'toy' }], [['badge', /its kind must be one of earn-source/]]],
  [
    'settings that are no schema',
    [{ ...right, settings: { points: 5 } }],
    [['badge', 'its settings must be a zod schema']],
  ],
  [
    'a source without a decision',
    [{ ...source, decide: undefined }],
    [['badge', 'its decide must be a function']],
  ],
  [
    'a source of nobody',
    [{ ...source, scope: 'world' }],
    [['badge', /its scope must be 'member' or 'programme'/]],
  ],
  [
    'a source that is neither core nor non-core',
    [{ ...source, core: undefined }],
    [['badge', /its core must be true or false/]],
  ],
  [
    'a memory without defaults',
    [{ ...source, memory: z.object({ streak: z.number() }) }],
    [['badge', /its memory must have a default for every field/]],
  ],
  [
    'reacts that names no source',
    [{ ...source, reacts: { to: ['Not An Id'], with: () => [] } }],
    [['badge', /its reacts must be an object with to, a list of ids of sources, and with\(\)/]],
  ],
  [
    'asks that is not asked',
    [{ ...source, asks: { acts: [] } }],
    [['badge', /its asks must be a function/]],
  ],
  [
    'a line that leads nowhere',
    [{ ...source, leadsTo: 'ann' }],
    [['badge', /its leadsTo must be a function/]],
  ],
  [
    'tasks that are not told',
    [{ ...source, tasks: [] }],
    [['badge', /its tasks must be a function/]],
  ],
  [
    'half of returns',
    [{ ...source, returns: { schema: z.object({}), key: () => '' } }],
    [['badge', /its returns must be an object with/]],
  ],
  [
    'a channel that gives nothing',
    [
      {
        ...right,
        kind: 'redemption-channel',
        loop: 'closed',
        offer: z.object({}),
        order: z.object({}),
      },
    ],
    [['badge', 'its fulfil must be a function']],
  ],
  [
    'a rule that does not answer',
    [{ ...right, kind: 'risk-rule' }],
    [['badge', 'its assess must be a function']],
  ],
  [
    'words in one language',
    [{ ...right, words: { badge: { en: 'Badge' } } }],
    [['badge', /its word badge must say something/]],
  ],
  [
    'a refusal without words',
    [{ ...right, refusals: { NO_BADGE: {} } }],
    [['badge', /its refusal NO_BADGE must say something/]],
  ],
  [
    'a refusal code in lower case',
    [{ ...right, refusals: { noBadge: words } }],
    [['badge', /its refusal code noBadge must be SCREAMING_SNAKE_CASE/]],
  ],
  [
    'resolvers that are no list',
    [{ ...right, resolvers: BadgeResolver }],
    [['badge', 'its resolvers must be a list']],
  ],
  [
    'resolvers that are no classes',
    [{ ...right, resolvers: ['BadgeResolver'] }],
    [['badge', 'its resolvers must be classes']],
  ],
  // Together
  [
    'duplicate id',
    [right, { ...other, id: 'badge' }],
    [['badge', 'its id badge is another plugin’s already (badge)']],
  ],
  ['the very same plugin twice', [right, right], [['badge', 'its id badge is twice in it']]],
  [
    'a range that does not fit',
    [{ ...right, contract: '^2.0.0' }],
    [['badge', 'it fits the contract ^2.0.0, and this server has 1.0.0']],
  ],
  [
    'a range that no longer fits',
    [{ ...right, contract: '<1.0.0' }],
    [['badge', 'it fits the contract <1.0.0, and this server has 1.0.0']],
  ],
  [
    'duplicate refusal code',
    [
      { ...right, refusals: { NO_BADGE: words } },
      { ...other, refusals: { NO_BADGE: words } },
    ],
    [['medal', 'its refusal code NO_BADGE is another plugin’s already (badge)']],
  ],
  [
    'a refusal code of the programme',
    [{ ...right, refusals: { ORDER_NOT_FOUND: words } }],
    [['badge', 'its refusal code ORDER_NOT_FOUND is the programme’s already']],
    core(),
  ],
  [
    'a common refusal code',
    [{ ...right, refusals: { INVALID_INPUT: words } }],
    [['badge', 'its refusal code INVALID_INPUT is the programme’s already']],
  ],
  // Settings
  [
    'settings without a default',
    [
      {
        ...right,
        settings: z.object({ limits: z.object({ day: points() }).prefault({} as never) }),
      },
    ],
    [['badge', /its settings have no default for limits.day/]],
  ],
  [
    'settings that must be something',
    [{ ...right, settings: z.object({ points: points() }) }],
    [['badge', /its settings have no default for points/]],
  ],
  [
    'settings that do not take their own output',
    [
      {
        ...right,
        settings: z.object({ at: z.string().default('1').transform(Number).pipe(z.number()) }),
      },
    ],
    [['badge', 'its settings do not take their own output']],
  ],
  [
    'settings that are no form',
    [{ ...right, settings: z.object({ at: z.date().default(new Date(0)) }) }],
    [['badge', /its settings cannot be shown as a form/]],
  ],
  [
    'settings that throw',
    [{ ...right, settings: z.object({}).refine(async () => true) }],
    [['badge', /its settings cannot be checked/]],
  ],
  [
    'bad settings',
    [right],
    [['badge', /its settings are wrong at points: /]],
    { settings: { badge: { points: -1 } } },
  ],
  [
    'settings nobody knows',
    [right],
    [['badge', /its settings are wrong at the top: Expected no field `colour`\.$/]],
    { settings: { badge: { colour: 'red' } } },
  ],
  // GraphQL
  [
    'a root field of another plugin',
    [
      { ...right, resolvers: [BadgeResolver] },
      { ...other, resolvers: [OtherBadgesResolver] },
    ],
    [
      [
        'medal',
        'its field Query.bootBadges (OtherBadgesResolver.bootBadges) is badge’s too (BadgeResolver.bootBadges)',
      ],
    ],
  ],
  [
    'a root field of the programme',
    [{ ...right, resolvers: [MeResolver] }],
    [
      [
        'badge',
        'its field Query.bootMe (MeResolver.whoever) is the programme’s too (CoreResolver.bootMe)',
      ],
    ],
    core(CoreResolver),
  ],
  [
    'a root field twice in one plugin',
    [{ ...right, resolvers: [BadgeResolver, OtherBadgesResolver] }],
    [['badge', /its field Query.bootBadges .* is its own too/]],
  ],
  [
    'a field of a type that another plugin adds too',
    [
      { ...right, resolvers: [MemberBadgesResolver] },
      { ...other, resolvers: [MoreBadgesResolver] },
    ],
    [
      [
        'medal',
        'its field BootMember.badges (MoreBadgesResolver.badges) is badge’s too (MemberBadgesResolver.badges)',
      ],
    ],
  ],
  [
    'a field the programme adds to its type',
    [{ ...right, resolvers: [BalanceResolver] }],
    [
      [
        'badge',
        'its field BootMember.balance (BalanceResolver.balance) is the programme’s too (CoreResolver.balance)',
      ],
    ],
    core(CoreResolver),
  ],
  [
    'a field the programme’s type has',
    [{ ...right, resolvers: [MemberIdResolver] }],
    [['badge', 'its MemberIdResolver.id would replace the programme’s field BootMember.id']],
    core(CoreResolver),
  ],
  [
    'a type name of another plugin',
    [
      { ...right, resolvers: [BadgeResolver] },
      { ...other, resolvers: [AnotherBadgeResolver] },
    ],
    [['medal', 'its type BootBadge has the name of another type of badge’s']],
  ],
  [
    'a type name deep in an argument',
    [
      { ...right, resolvers: [BadgeResolver] },
      { ...other, resolvers: [DeepBadgeResolver] },
    ],
    [['medal', 'its type BootBadge has the name of another type of badge’s']],
  ],
  [
    'a type name of the programme',
    [{ ...right, resolvers: [FalseMemberResolver] }],
    [['badge', 'its type BootMember has the name of another type of the programme’s']],
    core(CoreResolver),
  ],
  [
    'a type name that GraphQL has taken',
    [{ ...right, resolvers: [TakenNameResolver] }],
    [['badge', 'its type Query has a name that GraphQL has taken']],
  ],
  [
    'a resolver that is none',
    [{ ...right, resolvers: [NoResolver] }],
    [['badge', 'its NoResolver is not a resolver']],
  ],
  // Tables
  [
    'an entity without a migration',
    [{ ...right, entities: [AwardedEntity] }],
    [['badge', 'it has entities (AwardedEntity) and no migration that makes their tables']],
  ],
  [
    'a table under another name',
    [{ ...right, entities: [WalletEntity], migrations: [CreateBadges1700000000001] }],
    [['badge', 'its table wallet must begin with badge_']],
  ],
  [
    'a table named by its class',
    [{ ...other, entities: [BadgeSeries], migrations: [CreateBadges1700000000001] }],
    [['medal', 'its table badge_series must begin with medal_']],
  ],
  [
    'a schema’s table under another name',
    [{ ...other, entities: [schemaEntity], migrations: [CreateBadges1700000000001] }],
    [['medal', 'its table badge_awarded must begin with medal_']],
  ],
  [
    'a class that is no entity',
    [{ ...right, entities: [NoEntity], migrations: [CreateBadges1700000000001] }],
    [['badge', 'NoEntity is not an entity']],
  ],
  [
    'a migration without its time',
    [{ ...right, entities: [AwardedEntity], migrations: [CreateBadges] }],
    [['badge', 'its migration CreateBadges must have a name that ends in a time of 13 digits']],
  ],
  [
    'a migration of another plugin',
    [
      { ...right, migrations: [CreateBadges1700000000001] },
      { ...other, migrations: [Renamed] },
    ],
    [['medal', 'its migration CreateBadges1700000000001 is another plugin’s already (badge)']],
  ],
  [
    'a table twice',
    [
      {
        ...right,
        entities: [AwardedEntity, schemaEntity],
        migrations: [CreateBadges1700000000001],
      },
    ],
    [['badge', 'its table badge_awarded is twice in it']],
  ],
]

describe('G3: checked when the server starts', () => {
  it.each(rows)('%s', (_, plugins, named, checks) => {
    const error = checkPlugins(plugins, checks)
    expect(error).toBeInstanceOf(PluginBootError)
    expect(error?.faults.map(({ plugin }) => plugin)).toEqual(named.map(([plugin]) => plugin))
    for (const [index, [, fault]] of named.entries()) {
      if (typeof fault === 'string') expect(error?.faults[index]?.fault).toBe(fault)
      else expect(error?.faults[index]?.fault).toMatch(fault)
    }
  })

  it('finds nothing wrong with what is right', () => {
    const plugins = [
      {
        ...right,
        resolvers: [BadgeResolver, MemberBadgesResolver],
        entities: [AwardedEntity, BadgeSeries],
        migrations: [CreateBadges1700000000001],
        refusals: { NO_BADGE: words },
      },
      { ...other, resolvers: [BadgesMutationResolver], refusals: { NO_MEDAL: words } },
      { ...source, id: 'medal-source' },
    ]
    const checks = { ...core(CoreResolver), settings: { badge: { points: 7 }, medal: {} } }
    expect(checkPlugins(plugins, checks)).toBeNull()
    expect(() => assertPlugins(plugins, checks)).not.toThrow()
    expect(checkPlugins([])).toBeNull()
  })

  it('says everything in one error, each fault with its plugin', () => {
    const plugins = [
      { ...right, version: 'x', contract: 'y' },
      { ...other, contract: '^9.0.0', entities: [WalletEntity] },
    ]
    expect(() => assertPlugins(plugins)).toThrow(
      [
        'The server cannot start with these plugins:',
        '  - badge: its version must be a semantic version such as 1.0.0.',
        '  - badge: its contract must be a range of versions such as ^1.0.0.',
        '  - medal: it fits the contract ^9.0.0, and this server has 1.0.0.',
        '  - medal: its table wallet must begin with medal_.',
        '  - medal: it has entities (WalletEntity) and no migration that makes their tables.',
      ].join('\n'),
    )
  })

  it('finds tables that no migration made, by asking the database', async () => {
    const plugin = defineNotifier({
      ...right,
      entities: [AwardedEntity, schemaEntity, BadgeSeries],
      migrations: [CreateBadges1700000000001],
      deliver: async () => ({ outcome: 'delivered' as const }),
    })
    const asked = async (name: string) => name === 'badge_awarded'
    expect(await findMissingTables([plugin], asked)).toEqual([
      { plugin: 'badge', fault: 'none of its migrations makes its table badge_series' },
    ])
  })
})

describe('G1: defining a plugin', () => {
  it('throws at once for a wrong shape, and names plugin and faults', () => {
    expect(() =>
      defineNotifier({
        ...right,
        id: 'Bad Id',
        version: 'x',
        deliver: async () => ({ outcome: 'dead' as const }),
      }),
    ).toThrow(/^The notifier "Bad Id" is not right: its id must be .*; its version must be .*\.$/)
  })

  it('gives a source its kind and its defaults, with the types of its schemas', () => {
    const made = defineEarnSource({
      id: 'made',
      version: '1.0.0',
      contract: '^1.0.0',
      title: { en: 'Made', zh: '制造' },
      core: false,
      settings: z.object({ points: points().default(5) }),
      event: z.object({ day: z.string() }),
      once: ({ event }) => event.day,
      decide: ({ event, settings, now }) => ({
        points: settings.points + event.day.length,
        because: [],
        at: now,
      }),
    })
    const plugins: readonly Plugin[] = [made] // a plugin of its own types is a plugin
    expect(checkPlugins(plugins)).toBeNull()
    expect(made.kind).toBe('earn-source')
    expect(made.scope).toBe('member')
    expect(made.memory.parse({})).toEqual({})
    expect(Object.isFrozen(made)).toBe(true)
  })
})
