import { connectionOf, DateTimeScalar } from '@pointwell/plugin/graphql'
import { Ctx, Field, ID, ObjectType } from 'type-graphql'
import type { ProgramContext } from '../context/program-context.js'
import { MemberType, memberType } from '../member/member.object.js'
import type { MemberMerge } from './merge-rows.js'

@ObjectType('MemberMerge', {
  description: 'Two members found to be one person, and who said so.',
  simpleResolvers: true,
})
export class MemberMergeType {
  merge!: MemberMerge

  @Field(() => ID, { description: 'Names it for ever.' })
  id!: string

  @Field(() => ID, { description: 'The member that ended, by the shop’s own id.' })
  from!: string

  @Field(() => ID, { description: 'The member it went into, by the id of then.' })
  into!: string

  @Field(() => MemberType, {
    description: 'The member as it is now; merged itself since, the one that went into.',
  })
  async member(@Ctx() { loaders }: ProgramContext): Promise<MemberType> {
    const member = await loaders.memberOf(this.merge.into.wallet)
    if (!member) throw new Error(`the member of the merge ${this.id} is gone`)
    return memberType(member)
  }

  @Field(() => String, { description: 'Why.' })
  reason!: string

  @Field(() => String, { description: 'The operator who asked for it.' })
  requestedBy!: string

  @Field(() => DateTimeScalar, { description: 'When it was asked for.' })
  requestedAt!: number

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When all of it was done; null: a part still waits, and is tried again by itself.',
  })
  finishedAt!: number | null
}

export const MemberMergeConnection = connectionOf(MemberMergeType, 'MemberMerge')

export function memberMergeType(merge: MemberMerge): MemberMergeType {
  const { id, from, into, reason, requestedBy, requestedAt, finishedAt } = merge
  return Object.assign(new MemberMergeType(), {
    merge,
    id,
    from: from.id,
    into: into.id,
    reason,
    requestedBy,
    requestedAt,
    finishedAt,
  })
}
