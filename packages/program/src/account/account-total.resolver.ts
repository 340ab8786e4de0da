import { assertPast } from '@pointwell/ledger/graphql'
import { DateTimeScalar, DecimalScalar } from '@pointwell/plugin/graphql'
import { Arg, Ctx, Extensions, Field, ID, ObjectType, Query, Resolver } from 'type-graphql'
import { OPERATORS } from '../context/access.js'
import type { ProgramContext } from '../context/program-context.js'

@ObjectType('AccountTotal', {
  description: 'What the whole programme had in one account at a moment.',
  simpleResolvers: true,
})
export class AccountTotalType {
  @Field(() => ID, {
    description:
      'Its name: a system account (`issued:purchase`, `redeemed:coupon`, `expired` …), or the part of all wallets that it stands for (`available`, `pending`, `claimable`, `held`, `frozen`, `debt`).',
  })
  account!: string

  @Field(() => DecimalScalar, {
    description:
      'Whole points that went in, less those that went out; as text, because over all members it may be more than a number holds. What was issued or is owed is negative: all accounts together are zero.',
  })
  total!: string
}

@Resolver()
export class AccountTotalResolver {
  @Extensions({ access: OPERATORS })
  @Query(() => [AccountTotalType], {
    description:
      'What was in each account at a past moment, by name, as it was recorded by then: what was due by then and was written later belongs to when it was written. Accounts that nothing had moved yet are left out.',
  })
  async accountTotals(
    @Ctx() context: ProgramContext,
    @Arg('at', () => DateTimeScalar, {
      description: 'The moment, to the end of its millisecond; not in the future.',
    })
    at: number,
  ): Promise<AccountTotalType[]> {
    assertPast(context, at)
    const totals = await context.program.ledger.store.findTotalsAt(at)
    return [...totals]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([account, total]) =>
        Object.assign(new AccountTotalType(), { account, total: `${total}` }),
      )
  }
}
