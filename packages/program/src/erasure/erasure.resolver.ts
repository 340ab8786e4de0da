import { checkReason } from '@pointwell/plugin'
import { type RefusalType, resultUnion } from '@pointwell/plugin/graphql'
import { Arg, Ctx, Extensions, Field, ID, InputType, Mutation, Resolver } from 'type-graphql'
import { actingOf } from '../audit/acting.js'
import { ERASERS, MEMBER_AND_STOREFRONT } from '../context/access.js'
import type { ProgramContext } from '../context/program-context.js'
import { orRefusal } from '../refusal/or-refusal.js'
import { ErasureType, erasureType } from './erasure.object.js'

const EraseMemberResult = resultUnion('EraseMemberResult', ErasureType, 'The erasure, or why not.')
const RequestErasureResult = resultUnion(
  'RequestErasureResult',
  ErasureType,
  'The erasure, or why not.',
)

@InputType({ description: 'Who is to be erased.' })
export class EraseMemberInput {
  @Field(() => ID, { description: 'The shop’s own id.' })
  memberId!: string

  @Field(() => String, {
    description:
      'Why; kept for ever, so without anything that tells who it was. 1 to 500 characters.',
  })
  reason!: string

  @Field(() => ID, { description: 'The same key again is the same erasure. Up to 100 characters.' })
  idempotencyKey!: string
}

@InputType({ description: 'A member’s wish to be erased.' })
export class RequestErasureInput {
  @Field(() => ID, { nullable: true, description: 'Who; a member may leave it out.' })
  memberId?: string | null

  @Field(() => ID, { description: 'The same key again is the same erasure. Up to 100 characters.' })
  idempotencyKey!: string
}

@Resolver()
export class ErasureResolver {
  @Extensions({ access: ERASERS })
  @Mutation(() => EraseMemberResult, {
    description:
      'Erases a member, for good: the wallet is closed, points that are left are forfeited, and a pseudonym takes the place of ids, identities and texts everywhere. Not while redemptions or transfers are under way: `ERASURE_BLOCKED`.',
  })
  async eraseMember(
    @Ctx() context: ProgramContext,
    @Arg('input', () => EraseMemberInput, { description: 'Who, and why.' })
    { memberId, reason, idempotencyKey }: EraseMemberInput,
  ): Promise<ErasureType | RefusalType> {
    const acting = actingOf(context, reason)
    const wrong = checkReason(reason)
    const answer = wrong ?? context.program.erasures.erase({ memberId, idempotencyKey, acting })
    return orRefusal(answer, context, erasureType)
  }

  @Extensions({ access: MEMBER_AND_STOREFRONT })
  @Mutation(() => RequestErasureResult, {
    description:
      'A member asks to be erased, or a storefront for it: what `eraseMember` does, at once and for good.',
  })
  async requestErasure(
    @Ctx() context: ProgramContext,
    @Arg('input', () => RequestErasureInput, { description: 'Who.' })
    input: RequestErasureInput,
  ): Promise<ErasureType | RefusalType> {
    const memberId = context.actingFor(input.memberId)
    const { idempotencyKey } = input
    const answer = context.program.erasures.erase({ memberId, idempotencyKey, acting: null })
    return orRefusal(answer, context, erasureType)
  }
}
