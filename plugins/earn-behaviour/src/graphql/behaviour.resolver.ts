import type { EarnRequest } from '@pointwell/plugin'
import { badUserInput, type PluginContext } from '@pointwell/plugin/graphql'
import { Arg, Ctx, Extensions, ID, Mutation, Query, Resolver } from 'type-graphql'
import type { BehaviourMemory } from '../memory/behaviour-memory.js'
import { behaviourProgress } from '../progress/behaviour-progress.js'
import type { BehaviourSettings } from '../settings/behaviour-settings.js'
import { BehaviourType, behaviourType } from './behaviour.object.js'
import { behaviourResult, RecordBehaviourResult } from './behaviour-result.js'
import { RecordBehaviourInput } from './record-behaviour.input.js'

const source = 'behaviour'
const MAX_BATCH = 500

@Resolver()
export class BehaviourResolver {
  @Query(() => [BehaviourType], {
    nullable: true,
    description:
      'What a member can earn by, and how much of it is left: beginners’ tasks first, what is done last. Null: there is no such member.',
  })
  @Extensions({ access: ['member', 'storefront', 'support'] })
  async behaviours(
    @Ctx() context: PluginContext,
    @Arg('memberId', () => ID, {
      nullable: true,
      description: 'Whose; a member may leave it out.',
    })
    memberId?: string | null,
  ): Promise<BehaviourType[] | null> {
    const { program, language } = context
    const memory = await program.remembered({ source, memberId: context.actingFor(memberId) })
    if (memory === null) return null
    return behaviourProgress({
      memory: memory as BehaviourMemory,
      settings: program.settings(source) as BehaviourSettings,
      calendar: program.calendar(),
      now: context.now(),
    }).map((progress) => behaviourType(progress, language))
  }

  @Mutation(() => RecordBehaviourResult, {
    description:
      'Takes in what a member did, by the storefront that saw it. The same act again changes nothing.',
  })
  @Extensions({ access: ['storefront'] })
  async recordBehaviour(
    @Ctx() context: PluginContext,
    @Arg('input', () => RecordBehaviourInput, { description: 'The act.' })
    input: RecordBehaviourInput,
  ): Promise<typeof RecordBehaviourResult> {
    const answer = await context.program.earn(earnRequest(input, context.now()))
    return behaviourResult(answer, context)
  }

  @Mutation(() => [RecordBehaviourResult], {
    description: `Takes up to ${MAX_BATCH} acts in, each with a result of its own, in the same order.`,
  })
  @Extensions({ access: ['storefront'] })
  async recordBehaviours(
    @Ctx() context: PluginContext,
    @Arg('input', () => [RecordBehaviourInput], { description: 'The acts.' })
    input: RecordBehaviourInput[],
  ): Promise<Array<typeof RecordBehaviourResult>> {
    if (input.length < 1 || input.length > MAX_BATCH) {
      throw badUserInput(`Send 1 to ${MAX_BATCH} at once.`, { field: 'input' })
    }
    const now = context.now()
    const answers = await context.program.earnMany(input.map((act) => earnRequest(act, now)))
    return answers.map((answer) => behaviourResult(answer, context))
  }
}

/** The moment is settled here, so that an act at the stroke of midnight stays in its day. */
function earnRequest(
  { memberId, behaviour, ref, at }: RecordBehaviourInput,
  now: number,
): EarnRequest {
  return { source, memberId, event: { behaviour, ref, at: at ?? now } }
}
