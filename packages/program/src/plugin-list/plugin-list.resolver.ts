import type { Plugin, PluginKind } from '@pointwell/plugin'
import {
  Ctx,
  Extensions,
  Field,
  ID,
  ObjectType,
  Query,
  Resolver,
  registerEnumType,
} from 'type-graphql'
import { OPERATORS } from '../context/access.js'
import type { ProgramContext } from '../context/program-context.js'

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
