import { EarnedType, resultUnion } from '@pointwell/plugin/graphql'
import { ObjectType } from 'type-graphql'

@ObjectType('MyPluginRecorded', { description: 'The act went in.', simpleResolvers: true })
export class MyPluginRecorded extends EarnedType {}

export const RecordMyPluginResult = resultUnion('RecordMyPluginResult', MyPluginRecorded)
