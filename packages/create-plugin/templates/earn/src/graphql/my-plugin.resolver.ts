import { earnedResult, type PluginContext } from '@pointwell/plugin/graphql'
import { Arg, Ctx, Extensions, Mutation, Resolver } from 'type-graphql'
import { MyPluginRecorded, RecordMyPluginResult } from './my-plugin-result.js'
import { RecordMyPluginInput } from './record-my-plugin.input.js'

@Resolver()
export class MyPluginResolver {
  @Mutation(() => RecordMyPluginResult, {
    description:
      'Takes in what a member did, by the storefront that saw it. The same act again changes nothing.',
  })
  @Extensions({ access: ['storefront'] })
  async recordMyPlugin(
    @Ctx() context: PluginContext,
    @Arg('input', () => RecordMyPluginInput, { description: 'The act.' })
    { memberId, ref, at }: RecordMyPluginInput,
  ): Promise<typeof RecordMyPluginResult> {
    const answer = await context.program.earn({
      source: 'my-plugin',
      memberId,
      event: { ref, at },
    })
    return earnedResult(MyPluginRecorded, answer, { context })
  }
}
