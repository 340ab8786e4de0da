import { DateTimeScalar, PointsScalar } from '@pointwell/plugin/graphql'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import type { Erasure } from './erasure-rows.js'

enum ErasureStateEnum {
  RUNNING = 'RUNNING',
  DONE = 'DONE',
}

registerEnumType(ErasureStateEnum, {
  name: 'ErasureState',
  description: 'How far an erasure has come.',
  valuesConfig: {
    RUNNING: {
      description: 'It is begun and cannot be taken back; the job `erasures` does the rest.',
    },
    DONE: { description: 'Nothing tells any more who it was.' },
  },
})

@ObjectType('Erasure', {
  description:
    'A member who was erased: the wallet is closed, and a pseudonym stands for who it was.',
  simpleResolvers: true,
})
export class ErasureType {
  @Field(() => ErasureStateEnum, { description: 'How far it has come.' })
  state!: ErasureStateEnum

  @Field(() => ID, { description: 'What stands in place of the member’s id from now on.' })
  pseudonym!: string

  @Field(() => PointsScalar, {
    description: 'Points that were left in the wallet, in whatever state, and are forfeited.',
  })
  forfeited!: number

  @Field(() => PointsScalar, { description: 'Points that the wallet owed, and are let off.' })
  forgiven!: number

  @Field(() => DateTimeScalar, { description: 'When it was asked for.' })
  askedAt!: number

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was done; null: not yet.' })
  doneAt!: number | null
}

export function erasureType(erasure: Erasure): ErasureType {
  const { pseudonym, forfeited, forgiven, askedAt, doneAt } = erasure
  const state = erasure.state === 'done' ? ErasureStateEnum.DONE : ErasureStateEnum.RUNNING
  return Object.assign(new ErasureType(), {
    state,
    pseudonym,
    forfeited,
    forgiven,
    askedAt,
    doneAt,
  })
}
