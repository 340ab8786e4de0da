import { transactionId } from '@pointwell/ledger'
import { badUserInput, DateTimeScalar } from '@pointwell/plugin/graphql'
import { Arg, Ctx, Extensions, Field, ID, Int, ObjectType, Query, Resolver } from 'type-graphql'
import { OPERATORS } from '../context/access.js'
import type { ProgramContext } from '../context/program-context.js'

const MAX_PAGE = 100

@ObjectType('FailedNotice', {
  description: 'Something that follows from a transaction, could not be done, and is tried again.',
  simpleResolvers: true,
})
export class FailedNotice {
  @Field(() => String, { description: 'What it is about: `react:referral`.' })
  topic!: string

  @Field(() => ID, { description: 'The transaction that it follows from.' })
  transactionId!: string

  @Field(() => ID, { nullable: true, description: 'Whose transaction; null: nobody’s any more.' })
  memberId!: string | null

  @Field(() => DateTimeScalar, { description: 'When the transaction was recorded.' })
  recordedAt!: number

  @Field(() => Int, { description: 'How often it was tried.' })
  attempts!: number

  @Field(() => DateTimeScalar, { description: 'When it is tried again.' })
  nextAttemptAt!: number

  @Field(() => String, { description: 'Why it failed the last time, for an operator; English.' })
  error!: string
}

@Resolver()
export class NoticeResolver {
  @Extensions({ access: OPERATORS })
  @Query(() => [FailedNotice], {
    description:
      'What follows from transactions and could not be done so far, the oldest first. It is tried again by itself, with growing pauses.',
  })
  async failedNotices(
    @Ctx() { program }: ProgramContext,
    @Arg('first', () => Int, {
      defaultValue: 50,
      description: `How many to show, ${MAX_PAGE} at most.`,
    })
    first: number,
  ): Promise<FailedNotice[]> {
    if (first < 1 || first > MAX_PAGE) {
      throw badUserInput(`Ask for 1 to ${MAX_PAGE} at once.`, { field: 'first' })
    }
    const notices = await program.ledger.store.findFailedNotices(first)
    const members = await program.members.findByWallets(notices.map(({ wallet }) => wallet))
    return notices.map((notice) =>
      Object.assign(new FailedNotice(), {
        topic: notice.topic,
        transactionId: transactionId(notice),
        memberId: members.get(notice.wallet)?.id ?? null,
        recordedAt: notice.recordedAt,
        attempts: notice.attempts,
        nextAttemptAt: notice.dueAt,
        error: notice.lastError ?? '',
      }),
    )
  }
}
