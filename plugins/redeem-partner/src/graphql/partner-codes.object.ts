import type { CodeOutcome } from '@pointwell/plugin'
import { codeOutcomeEnum, resultUnion } from '@pointwell/plugin/graphql'
import { Field, ObjectType } from 'type-graphql'
import { PartnerCodePoolType } from './partner.object.js'

const PartnerCodeOutcomeEnum = codeOutcomeEnum('PartnerCodeOutcome')

@ObjectType('PartnerCodesChanged', {
  description: 'What became of each code of a list, in the same order.',
  simpleResolvers: true,
})
export class PartnerCodesChangedType {
  @Field(() => [PartnerCodeOutcomeEnum], { description: 'Code by code, in the same order.' })
  outcomes!: readonly CodeOutcome[]

  @Field(() => PartnerCodePoolType, { description: 'The pool as it is now.' })
  pool!: PartnerCodePoolType
}

export const ChangePartnerCodesResult = resultUnion(
  'ChangePartnerCodesResult',
  PartnerCodesChangedType,
  'What became of the codes, or why not.',
)
