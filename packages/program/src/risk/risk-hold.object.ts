import { DateTimeScalar } from '@pointwell/plugin/graphql'
import { Ctx, Field, ID, ObjectType } from 'type-graphql'
import type { ProgramContext } from '../context/program-context.js'
import type { RiskHold } from './risk-hold.js'

@ObjectType('RiskHold', { description: 'That a risk rule holds something.', simpleResolvers: true })
export class RiskHoldType {
  @Field(() => ID, { description: 'Which rule, by its id.' })
  rule!: string

  @Field(() => String, { description: 'Why, as a stable word of the rule’s.' })
  reason!: string

  @Field(() => String, { description: 'Why, for a member, in the language of the request.' })
  message(@Ctx() { program, language }: ProgramContext): string {
    const rule = program.plugins.find(({ id }) => id === this.rule)
    return rule?.words?.[this.reason]?.[language] ?? this.reason
  }

  @Field(() => DateTimeScalar, {
    description: 'Until when: it goes on by itself then, or did; earlier where an operator let it.',
  })
  until!: number
}

export function riskHoldType({ rule, reason, until }: Pick<RiskHold, 'rule' | 'reason' | 'until'>) {
  return Object.assign(new RiskHoldType(), { rule, reason, until })
}
