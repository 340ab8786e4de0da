import { DateTimeScalar } from '@pointwell/plugin/graphql'
import { Ctx, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { ProgramContext } from '../context/program-context.js'
import type { CaseEvidence, CaseStatus, IdentityCase } from './case-rows.js'

/** The enums' names are the programme's words in capitals. */
export const IdentityCaseStatusEnum = {
  OPEN: 'open',
  CONFIRMED: 'confirmed',
  CLEARED: 'cleared',
  LAPSED: 'lapsed',
} as const satisfies Record<Uppercase<CaseStatus>, CaseStatus>
const IdentityCaseEvidenceEnum = {
  SHARED: 'shared',
  LINKED: 'linked',
} as const satisfies Record<Uppercase<CaseEvidence>, CaseEvidence>
export const CaseDecisionEnum = { CONFIRM: 'confirmed', CLEAR: 'cleared' } as const

registerEnumType(IdentityCaseStatusEnum, {
  name: 'IdentityCaseStatus',
  description: 'How far a case has come.',
  valuesConfig: {
    OPEN: { description: 'Nobody has decided; its members earn nothing.' },
    CONFIRMED: { description: 'It is what it looks like; its members earn nothing.' },
    CLEARED: { description: 'It is all right; its members earn.' },
    LAPSED: { description: 'Before anybody decided, it was no more than the policy allows.' },
  },
})
registerEnumType(IdentityCaseEvidenceEnum, {
  name: 'IdentityCaseEvidence',
  description: 'What a case is about.',
  valuesConfig: {
    SHARED: { description: 'One identity was seen with many members.' },
    LINKED: { description: 'One member has many identities of a kind.' },
  },
})
registerEnumType(CaseDecisionEnum, {
  name: 'IdentityCaseDecision',
  description: 'An operator’s word on a case.',
  valuesConfig: {
    CONFIRM: { description: 'It is what it looks like.' },
    CLEAR: { description: 'It is all right.' },
  },
})

@ObjectType('IdentityCase', {
  description: 'Identities that are linked with more than the policy allows.',
  simpleResolvers: true,
})
export class IdentityCaseType {
  identityCase!: IdentityCase

  @Field(() => ID, { description: 'Names it for ever.' })
  id!: string

  @Field(() => IdentityCaseEvidenceEnum, { description: 'What it is about.' })
  evidence!: CaseEvidence

  @Field(() => String, { description: 'The kind of the identities: `device`.' })
  kind!: string

  @Field(() => String, {
    nullable: true,
    description: 'The identity that was seen with many; null: it is about one member’s.',
  })
  value!: string | null

  @Field(() => Int, { description: 'Members, or identities, when the case was opened.' })
  found!: number

  @Field(() => Int, { description: 'How many the policy allowed then.' })
  allowed!: number

  @Field(() => IdentityCaseStatusEnum, { description: 'How far it has come.' })
  status!: CaseStatus

  @Field(() => DateTimeScalar, { description: 'When it was opened.' })
  openedAt!: number

  @Field(() => DateTimeScalar, { nullable: true, description: 'When an operator decided.' })
  decidedAt!: number | null

  @Field(() => String, { nullable: true, description: 'The operator who decided.' })
  decidedBy!: string | null

  @Field(() => String, { nullable: true, description: 'Why.' })
  decisionReason!: string | null

  @Field(() => [ID], { description: 'Who is in it: the shop’s own ids.' })
  async memberIds(@Ctx() { program }: ProgramContext): Promise<string[]> {
    return [...(await program.identityCases.membersOf(this.identityCase.id))]
  }
}

export function identityCaseType(identityCase: IdentityCase): IdentityCaseType {
  const { id, evidence, kind, value, found, allowed, status } = identityCase
  const { openedAt, decidedAt, decidedBy, decisionReason } = identityCase
  return Object.assign(new IdentityCaseType(), {
    identityCase,
    id: String(id),
    evidence,
    kind,
    value: value === '' ? null : value,
    found,
    allowed,
    status,
    openedAt,
    decidedAt,
    decidedBy,
    decisionReason,
  })
}
