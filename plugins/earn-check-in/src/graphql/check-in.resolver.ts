import { LocalDateScalar, type PluginContext } from '@pointwell/plugin/graphql'
import { Arg, Ctx, Extensions, ID, Mutation, Resolver } from 'type-graphql'
import { CheckInResult, checkInResult } from './check-in-result.js'

const source = 'check-in'

@Resolver()
export class CheckInResolver {
  @Mutation(() => CheckInResult, {
    description: 'Checks a member in for today. A second time the same day changes nothing.',
  })
  @Extensions({ access: ['member', 'storefront'] })
  async checkIn(
    @Ctx() context: PluginContext,
    @Arg('memberId', () => ID, {
      nullable: true,
      description: 'Who; a member may leave it out.',
    })
    memberId?: string | null,
  ): Promise<typeof CheckInResult> {
    const { program } = context
    // The day is settled here, so that a check-in at the stroke of midnight stays on its day.
    const date = program.calendar().dateOf(context.now())
    const answer = await program.earn({
      source,
      memberId: context.actingFor(memberId),
      event: { date },
    })
    return checkInResult(answer, context)
  }

  @Mutation(() => CheckInResult, {
    description: 'Makes up for a missed day with a make-up card; its neighbours become one streak.',
  })
  @Extensions({ access: ['member', 'storefront'] })
  async makeUpCheckIn(
    @Ctx() context: PluginContext,
    @Arg('date', () => LocalDateScalar, { description: 'The missed day.' }) date: string,
    @Arg('memberId', () => ID, {
      nullable: true,
      description: 'Who; a member may leave it out.',
    })
    memberId?: string | null,
  ): Promise<typeof CheckInResult> {
    const answer = await context.program.earn({
      source,
      memberId: context.actingFor(memberId),
      event: { date, makeUp: true },
    })
    return checkInResult(answer, context)
  }
}
