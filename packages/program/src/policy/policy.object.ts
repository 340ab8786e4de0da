import { connectionOf, DateTimeScalar, JsonScalar } from '@pointwell/plugin/graphql'
import { Field, Int, ObjectType } from 'type-graphql'
import type { PolicyVersion } from './open-policy-book.js'
import type { DocumentFault } from './read-policy.js'

@ObjectType('Policy', {
  description: 'Everything an operator can set, at one version.',
  simpleResolvers: true,
})
export class PolicyType {
  @Field(() => Int, { description: 'Counts up from 1.' })
  version!: number

  @Field(() => DateTimeScalar, {
    description: 'In force from here on, until a higher version is.',
  })
  effectiveFrom!: number

  @Field(() => JsonScalar, { description: 'The whole document, by `policySchema`.' })
  document!: unknown

  @Field(() => String, { description: 'Who made it.' })
  createdBy!: string

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: number

  @Field(() => String, { nullable: true, description: 'Why it was made.' })
  note!: string | null
}

export const PolicyConnection = connectionOf(PolicyType, 'Policy')

export function policyType(policy: PolicyVersion): PolicyType {
  const { version, effectiveFrom, document, createdBy, createdAt, note } = policy
  const fields = { version, effectiveFrom, document, createdBy, createdAt, note }
  return Object.assign(new PolicyType(), fields)
}

@ObjectType('PolicyUpdated', { description: 'There is a new version.', simpleResolvers: true })
export class PolicyUpdatedType {
  @Field(() => PolicyType, { description: 'The new version.' })
  policy!: PolicyType
}

@ObjectType('PolicyFault', { description: 'What is wrong with a document.', simpleResolvers: true })
export class PolicyFaultType {
  @Field(() => String, { description: 'Where: `tiers.levels.1.threshold`; empty: the whole.' })
  path!: string

  @Field(() => String, { description: 'What, for an operator; English.' })
  message!: string
}

@ObjectType('PolicyInvalid', {
  description: 'The document is not valid: nothing changed.',
  simpleResolvers: true,
})
export class PolicyInvalidType {
  @Field(() => [PolicyFaultType], { description: 'Every fault.' })
  faults!: readonly PolicyFaultType[]
}

export function policyInvalidType(faults: readonly DocumentFault[]): PolicyInvalidType {
  const fields = { faults: faults.map((it) => Object.assign(new PolicyFaultType(), it)) }
  return Object.assign(new PolicyInvalidType(), fields)
}
