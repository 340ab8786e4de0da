import { connectionOf, DateTimeScalar, PointsScalar } from '@pointwell/plugin/graphql'
import { Ctx, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { ProgramContext } from '../context/program-context.js'
import type { PlaybookPlan } from './open-playbooks.js'
import type { Playbook, PlaybookState } from './playbook-rows.js'

/** The enum's names are the programme's words in capitals. */
const PlaybookStateEnum = {
  APPLYING: 'applying',
  APPLIED: 'applied',
  REVERTING: 'reverting',
  REVERTED: 'reverted',
} as const satisfies Record<Uppercase<PlaybookState>, PlaybookState>

registerEnumType(PlaybookStateEnum, {
  name: 'PlaybookState',
  description: 'How far a playbook has come.',
  valuesConfig: {
    APPLYING: { description: 'Its settings are being made.' },
    APPLIED: { description: 'Its settings are in force; its gifts come one after the other.' },
    REVERTING: { description: 'Its settings are being put back.' },
    REVERTED: { description: 'Its settings are back, and it gives nothing more.' },
  },
})

@ObjectType('PlaybookPlan', {
  description: 'What a playbook would do, if it were applied now.',
  simpleResolvers: true,
})
export class PlaybookPlanType {
  @Field(() => Int, { description: 'Members who came too late, and were not made up to yet.' })
  missed!: number

  @Field(() => PointsScalar, { description: 'What all of them would be given.' })
  wanted!: number

  @Field(() => Int, { description: 'Whom it reaches: those who spent most come first.' })
  reached!: number

  @Field(() => PointsScalar, { description: 'What these are given.' })
  points!: number

  @Field(() => PointsScalar, { description: 'What was given before in the budget’s period.' })
  used!: number

  @Field(() => PointsScalar, {
    nullable: true,
    description: 'What may be given yet, without the reserve; null: there is no budget.',
  })
  room!: number | null
}

@ObjectType('PlaybookProgress', {
  description: 'How far the gifts of a playbook have come, in members.',
  simpleResolvers: true,
})
export class PlaybookProgressType {
  @Field(() => Int, { description: 'Who waits yet.' })
  waiting!: number

  @Field(() => Int, { description: 'Who has it.' })
  given!: number

  @Field(() => Int, {
    description: 'Who gets nothing: it was reverted before, or the member is gone.',
  })
  calledOff!: number
}

@ObjectType('Playbook', {
  description: 'What an operator did when demand outran stock.',
  simpleResolvers: true,
})
export class PlaybookType {
  @Field(() => ID, { description: 'Names it for ever.' })
  id!: string

  @Field(() => ID, { description: 'The offer that ran out.' })
  offerId!: string

  @Field(() => PlaybookStateEnum, { description: 'How far it has come.' })
  state!: PlaybookState

  @Field(() => [ID], { description: 'Offers that it put up beside it.' })
  offersUp!: readonly string[]

  @Field(() => Boolean, { description: 'Whether it paused earning, which was not paused before.' })
  paused!: boolean

  @Field(() => Int, { description: 'Members who had come too late.' })
  missed!: number

  @Field(() => Int, { description: 'Whom it reaches.' })
  reached!: number

  @Field(() => PointsScalar, { description: 'What it gives altogether.' })
  points!: number

  @Field(() => String, { description: 'Why, in the words of who applied it.' })
  reason!: string

  @Field(() => String, { description: 'The operator who applied it.' })
  appliedBy!: string

  @Field(() => DateTimeScalar, { description: 'When.' })
  appliedAt!: number

  @Field(() => String, {
    nullable: true,
    description: 'The operator who reverted it; null: nobody.',
  })
  revertedBy!: string | null

  @Field(() => DateTimeScalar, { nullable: true, description: 'When; null: it was not.' })
  revertedAt!: number | null

  @Field(() => PlaybookProgressType, { description: 'How far its gifts have come.' })
  async progress(@Ctx() { program }: ProgramContext): Promise<PlaybookProgressType> {
    const progress = await program.playbooks.progress(this.id)
    return Object.assign(new PlaybookProgressType(), progress)
  }
}

export const PlaybookConnection = connectionOf(PlaybookType, 'Playbook')

export function playbookPlanType(plan: PlaybookPlan): PlaybookPlanType {
  return Object.assign(new PlaybookPlanType(), plan)
}

export function playbookType(playbook: Playbook): PlaybookType {
  const { id, offer, state, terms, found, missed, reached, points } = playbook
  const { appliedBy, appliedAt, revertedBy, revertedAt } = playbook
  return Object.assign(new PlaybookType(), {
    id,
    offerId: offer,
    state,
    offersUp: terms.offersUp,
    paused: found.pause !== null,
    missed,
    reached,
    points,
    reason: terms.reason,
    appliedBy,
    appliedAt,
    revertedBy,
    revertedAt,
  })
}
