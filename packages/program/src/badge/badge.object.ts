import { exact } from '@pointwell/economy'
import { minorDigits } from '@pointwell/plugin'
import { DateTimeScalar, DecimalScalar } from '@pointwell/plugin/graphql'
import { Ctx, Field, ID, ObjectType } from 'type-graphql'
import type { ProgramContext } from '../context/program-context.js'
import type { ProgrammeMemo } from '../memo/programme-memo.js'
import type { PolicyInForce, PolicyReads } from '../policy/policy-in-force.js'
import { doneFor, neededFor } from './badge-progress.js'
import type { Badge } from './badges-section.js'

@ObjectType('Badge', {
  description: 'What a member is shown for having done something.',
  simpleResolvers: true,
})
export class BadgeType {
  badge!: Badge

  @Field(() => ID, { description: 'The operator’s name of it: `ten-orders`.' })
  id!: string

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the member earned it; null: not yet.',
  })
  earnedAt!: number | null

  @Field(() => DecimalScalar, {
    description:
      'How far the member has come: times, or what was spent in major units of the programme’s currency.',
  })
  done!: string

  @Field(() => DecimalScalar, { description: 'What it takes, in the same unit.' })
  needed!: string

  @Field(() => String, { description: 'What it is called, in the language of the request.' })
  title(@Ctx() { language }: ProgramContext): string {
    return this.badge.title[language]
  }

  @Field(() => String, { nullable: true, description: 'What it is for, in that language.' })
  description(@Ctx() { language }: ProgramContext): string | null {
    return this.badge.description?.[language] ?? null
  }
}

/** The badges that a member has or can earn, in the order of the list; then those that it has and that
 * are not on the list any more, as they were. */
export function badgesOf(
  memo: Pick<ProgrammeMemo, 'badges' | 'deeds'>,
  { policy, policies }: { policy: PolicyInForce; policies: Pick<PolicyReads, 'get'> },
): BadgeType[] {
  const { badges, programme } = policy.document
  const shown = badges.filter(({ id, active }) => active || Object.hasOwn(memo.badges, id))
  const listed = new Set(badges.map(({ id }) => id))
  const former = Object.entries(memo.badges).flatMap(([id, { policyVersion }]) => {
    if (listed.has(id)) return []
    return policies.get(policyVersion).document.badges.filter((badge) => badge.id === id)
  })
  return [...shown, ...former].map((badge) => {
    const { id, goal } = badge
    const held = Object.hasOwn(memo.badges, id) ? memo.badges[id] : undefined
    // What was earned is shown as it was earned.
    const by = held?.goal ?? goal
    const unit = by.type === 'spend' ? minorDigits(programme.currency) : 0
    const shownAs = (count: number) =>
      exact(count)
        .times(exact(`1e-${unit}`))
        .toFixed()
    return Object.assign(new BadgeType(), {
      badge,
      id,
      earnedAt: held?.at ?? null,
      done: shownAs(doneFor(by, memo.deeds)),
      needed: shownAs(held?.needed ?? neededFor(by, programme.currency)),
    })
  })
}
