import type { CodeOutcome } from '@pointwell/plugin'
import { codeOutcomeEnum, resultUnion } from '@pointwell/plugin/graphql'
import { Field, Int, ObjectType } from 'type-graphql'

const GoodsCodeOutcomeEnum = codeOutcomeEnum('GoodsCodeOutcome')

@ObjectType('GoodsCodePool', {
  description:
    'The codes of an offer, counted. The codes themselves are shown to nobody but who gets one.',
  simpleResolvers: true,
})
export class GoodsCodePoolType {
  @Field(() => Int, { description: 'Still to be given.' })
  free!: number

  @Field(() => Int, { description: 'Given, each to one redemption.' })
  given!: number

  @Field(() => Int, { description: 'Taken out before anybody got them.' })
  void!: number
}

@ObjectType('GoodsCodesChanged', {
  description: 'What became of each code of a list, in the same order.',
  simpleResolvers: true,
})
export class GoodsCodesChangedType {
  @Field(() => [GoodsCodeOutcomeEnum], { description: 'Code by code, in the same order.' })
  outcomes!: readonly CodeOutcome[]

  @Field(() => GoodsCodePoolType, { description: 'The pool as it is now.' })
  pool!: GoodsCodePoolType
}

export const ChangeGoodsCodesResult = resultUnion(
  'ChangeGoodsCodesResult',
  GoodsCodesChangedType,
  'What became of the codes, or why not.',
)
