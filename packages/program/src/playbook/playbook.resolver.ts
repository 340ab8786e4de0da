import {
  assertCursor,
  assertPageSize,
  type Connection,
  connectionFrom,
  DecimalScalar,
  encodeCursor,
  PageArgs,
  type RefusalType,
  resultUnion,
} from '@pointwell/plugin/graphql'
import {
  Arg,
  Args,
  Ctx,
  Extensions,
  Field,
  ID,
  InputType,
  Mutation,
  Query,
  Resolver,
} from 'type-graphql'
import { actingOf } from '../audit/acting.js'
import { OPERATORS, RULE_MAKERS } from '../context/access.js'
import type { ProgramContext } from '../context/program-context.js'
import { orRefusal } from '../refusal/or-refusal.js'
import { MOST_OFFERS, type PlaybookRequest } from './open-playbooks.js'
import {
  PlaybookConnection,
  PlaybookPlanType,
  PlaybookType,
  playbookPlanType,
  playbookType,
} from './playbook.object.js'

const LIST = 'playbooks'

const PreviewResult = resultUnion(
  'PreviewPlaybookResult',
  PlaybookPlanType,
  'What it would do, or why not.',
)
const ApplyResult = resultUnion('ApplyPlaybookResult', PlaybookType, 'The playbook, or why not.')
const RevertResult = resultUnion(
  'RevertPlaybookResult',
  PlaybookType,
  'The playbook as it is now, or why not.',
)

@InputType({
  description: 'Shares of a price that can be paid in points; the rest is paid in money.',
})
class PlaybookCashInput {
  @Field(() => DecimalScalar, { defaultValue: '0', description: 'The least.' })
  leastPointsShare!: string

  @Field(() => DecimalScalar, { defaultValue: '1', description: 'The largest.' })
  mostPointsShare!: string
}

@InputType({ description: 'What to do about an offer that ran out.' })
export class PlaybookInput {
  @Field(() => ID, { description: 'The offer.' })
  offerId!: string

  @Field(() => Boolean, {
    defaultValue: true,
    description: 'Give points to who came too late (policy `playbook.compensationFactor`).',
  })
  compensate!: boolean

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Let points of theirs that end soon last longer (policy `playbook.extension`).',
  })
  extend!: boolean

  @Field(() => [ID], {
    defaultValue: [],
    description: `Offers to put up beside it, ${MOST_OFFERS} at most: what never runs out.`,
  })
  offersUp!: string[]

  @Field(() => PlaybookCashInput, {
    nullable: true,
    description:
      'Let the offer, and those beside it, be paid in points and money; null: as before.',
  })
  pointsAndCash?: PlaybookCashInput | null

  @Field(() => Boolean, { defaultValue: false, description: 'Pause all earning.' })
  pause!: boolean
}

@InputType({ description: 'A playbook to be applied, and why.' })
export class ApplyPlaybookInput extends PlaybookInput {
  @Field(() => String, { description: 'Why; kept for ever. 1 to 500 characters.' })
  reason!: string

  @Field(() => ID, { description: 'The same key again is the same act. Up to 100 characters.' })
  idempotencyKey!: string
}

@Resolver()
export class PlaybookResolver {
  @Extensions({ access: OPERATORS })
  @Query(() => PreviewResult, {
    description: 'What a playbook would do now: whom it reaches, and with how much.',
  })
  previewPlaybook(
    @Ctx() context: ProgramContext,
    @Arg('input', () => PlaybookInput, { description: 'What to do.' }) input: PlaybookInput,
  ): Promise<PlaybookPlanType | RefusalType> {
    const answer = context.program.playbooks.preview(requestOf(input))
    return orRefusal(answer, context, playbookPlanType)
  }

  @Extensions({ access: RULE_MAKERS })
  @Mutation(() => ApplyResult, {
    description:
      'Does all of it in one act: settings at once, gifts one after the other, each member once. `revertPlaybook` is the way back.',
  })
  applyPlaybook(
    @Ctx() context: ProgramContext,
    @Arg('input', () => ApplyPlaybookInput, { description: 'What to do, and why.' })
    { reason, idempotencyKey, ...input }: ApplyPlaybookInput,
  ): Promise<PlaybookType | RefusalType> {
    const acting = actingOf(context, reason)!
    const request = { ...requestOf(input), idempotencyKey, acting }
    return orRefusal(context.program.playbooks.apply(request), context, playbookType)
  }

  @Extensions({ access: RULE_MAKERS })
  @Mutation(() => RevertResult, {
    description:
      'Puts offers and earning back as they were, where nobody has changed them since, and gives nothing more. What was given stays.',
  })
  revertPlaybook(
    @Ctx() context: ProgramContext,
    @Arg('id', () => ID, { description: 'Which.' }) id: string,
    @Arg('reason', () => String, { description: 'Why; kept for ever. 1 to 500 characters.' })
    reason: string,
  ): Promise<PlaybookType | RefusalType> {
    const acting = actingOf(context, reason)!
    return orRefusal(context.program.playbooks.revert({ id, acting }), context, playbookType)
  }

  @Extensions({ access: OPERATORS })
  @Query(() => PlaybookConnection, {
    description: 'Playbooks that were applied, the newest first.',
  })
  async playbooks(
    @Ctx() { program }: ProgramContext,
    @Args(() => PageArgs) { first, after }: PageArgs,
  ): Promise<Connection<PlaybookType>> {
    assertPageSize(first)
    const place = assertCursor(LIST, ['string'], after)
    const items = await program.playbooks.page({
      before: place && String(place[0]),
      limit: first + 1,
    })
    return connectionFrom({
      items,
      first,
      after,
      cursorOf: ({ id }) => encodeCursor(LIST, [id]),
      nodeOf: playbookType,
    })
  }
}

function requestOf({ offerId, pointsAndCash, offersUp, ...rest }: PlaybookInput): PlaybookRequest {
  const { compensate, extend, pause } = rest
  return {
    offerId,
    compensate,
    extend,
    // The offer itself is up already.
    offersUp: [...new Set(offersUp)].filter((id) => id !== offerId),
    pointsAndCash: pointsAndCash
      ? {
          leastPointsShare: pointsAndCash.leastPointsShare,
          mostPointsShare: pointsAndCash.mostPointsShare,
        }
      : null,
    pause,
  }
}
