import type { Plugin, PluginKind } from '@pointwell/plugin'
import { DateTimeScalar, JsonScalar } from '@pointwell/plugin/graphql'
import {
  Ctx,
  Extensions,
  Field,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
  registerEnumType,
} from 'type-graphql'
import { OPERATORS } from '../context/access.js'
import type { ProgramContext } from '../context/program-context.js'
import type { OperationHealth, PluginHealth } from './open-plugin-health.js'

const PluginKindEnum = {
  EARN_SOURCE: 'earn-source',
  REDEMPTION_CHANNEL: 'redemption-channel',
  RISK_RULE: 'risk-rule',
  NOTIFIER: 'notifier',
} as const satisfies Record<string, PluginKind>

registerEnumType(PluginKindEnum, {
  name: 'PluginKind',
  description: 'What a plugin is for.',
  valuesConfig: {
    EARN_SOURCE: { description: 'A way to earn points.' },
    REDEMPTION_CHANNEL: { description: 'A way to spend them.' },
    RISK_RULE: { description: 'Judges events and redemptions.' },
    NOTIFIER: { description: 'Delivers messages.' },
  },
})

const FAULT_REASONS = 'threw, nonsense, timed-out, slow'

@ObjectType('PluginFault', {
  description: 'A call of a plugin that went wrong.',
  simpleResolvers: true,
})
class PluginFaultType {
  @Field(() => DateTimeScalar, { description: 'When.' })
  at!: number

  @Field(() => String, { description: `What is wrong with it, a stable word: ${FAULT_REASONS}.` })
  reason!: string

  @Field(() => String, { description: 'What exactly; English, for an operator.' })
  text!: string
}

@ObjectType('PluginOperation', {
  description:
    'What a plugin was asked on the server that answers, since that started. Counts end at 2147483647.',
  simpleResolvers: true,
})
export class PluginOperationType {
  @Field(() => ID, { description: 'Which of its functions: `decide`, `fulfil` …' })
  operation!: string

  @Field(() => Int, { description: 'How often it was called.' })
  calls!: number

  @Field(() => Int, { description: 'Calls that failed, those out of time among them.' })
  faults!: number

  @Field(() => Int, { description: 'Calls that did not end in time.' })
  timeouts!: number

  @Field(() => Int, { description: 'Calls that ended well, and held everybody up.' })
  slow!: number

  @Field(() => Int, { description: 'Time spent in calls that came back, milliseconds.' })
  spentMs!: number

  @Field(() => PluginFaultType, {
    nullable: true,
    description: 'The last that went wrong; null: nothing has.',
  })
  lastFault!: OperationHealth['lastFault']

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'It failed too often: until then it is not called and whoever needs it is refused, then one call tries it. Null: it is called.',
  })
  cutOffUntil!: number | null
}

@ObjectType('PluginHealth', {
  description: 'How a plugin does on the server that answers: each server counts for itself.',
  simpleResolvers: true,
})
export class PluginHealthType {
  @Field(() => DateTimeScalar, { description: 'When that server started, and began to count.' })
  since!: number

  @Field(() => [PluginOperationType], { description: 'What it was asked so far, by name.' })
  operations!: PluginOperationType[]
}

@ObjectType('PluginInfo', { description: 'A plugin of this server.', simpleResolvers: true })
export class PluginInfoType {
  plugin!: Plugin

  @Field(() => ID, { description: 'Its id, the key of its settings in the policy.' })
  id!: string

  @Field(() => PluginKindEnum, { description: 'What it is for.' })
  kind!: PluginKind

  @Field(() => String, { description: 'Its own version.' })
  version!: string

  @Field(() => String, { description: 'The range of the contract it fits.' })
  contract!: string

  @Field(() => String, { description: 'What it is called, in the language of the request.' })
  title(@Ctx() { language }: ProgramContext): string {
    return this.plugin.title[language]
  }

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'Its settings in the policy that is in force. Null: it has none there.',
  })
  settings(@Ctx() { program }: ProgramContext): unknown {
    return program.settings(this.id) ?? null
  }

  @Field(() => PluginHealthType, { description: 'How it does.' })
  health(@Ctx() { program }: ProgramContext): PluginHealthType {
    return healthOf(program.pluginHealth, this.id)
  }
}

function healthOf(health: PluginHealth, id: string): PluginHealthType {
  const operations = health
    .of(id)
    .sort((a, b) => (a.operation < b.operation ? -1 : 1))
    .map(({ lastFault, ...asked }) =>
      Object.assign(new PluginOperationType(), asked, {
        calls: atMost(asked.calls),
        faults: atMost(asked.faults),
        timeouts: atMost(asked.timeouts),
        slow: atMost(asked.slow),
        spentMs: atMost(Math.round(asked.spentMs)),
        lastFault: lastFault && Object.assign(new PluginFaultType(), lastFault),
      }),
    )
  return Object.assign(new PluginHealthType(), { since: health.since, operations })
}

@Resolver()
export class PluginListResolver {
  @Extensions({ access: OPERATORS })
  @Query(() => [PluginInfoType], { description: 'What this server can do.' })
  plugins(@Ctx() { program }: ProgramContext): PluginInfoType[] {
    return program.plugins.map((plugin) => {
      const { id, kind, version, contract } = plugin
      return Object.assign(new PluginInfoType(), { plugin, id, kind, version, contract })
    })
  }
}

/** A number as GraphQL's `Int` can say it. */
function atMost(count: number): number {
  return Math.min(count, 2 ** 31 - 1)
}
