import type { LedgerTransaction } from '@pointwell/ledger'
import { BalanceChangedType, badUserInput, balanceChangedType } from '@pointwell/ledger/graphql'
import { Arg, Extensions, ID, Resolver, Root, Subscription } from 'type-graphql'
import type { GatewayContext } from '../gateway-context.js'

interface Change {
  readonly memberId: string
  readonly transaction: LedgerTransaction
}

@Resolver()
export class BalanceChangedResolver {
  @Extensions({
    access: ['member', 'storefront', 'viewer', 'support', 'rules', 'finance', 'admin'],
  })
  @Subscription(() => BalanceChangedType, {
    description:
      "Every change of a member's wallet, in order, each exactly once. Without `after` it begins now; with the `version` that came last it goes on after it, so a client that comes back misses nothing and gets nothing twice.",
    subscribe: followWallet,
  })
  balanceChanged(
    @Root() { memberId, transaction }: Change,
    @Arg('memberId', () => ID, {
      nullable: true,
      description: 'Whose wallet; a member leaves it out or gives its own.',
    })
    _memberId: string | null | undefined,
    @Arg('after', () => ID, {
      nullable: true,
      description: "The wallet's version after which to begin: `version` of the last change seen.",
    })
    _after: string | null | undefined,
  ): BalanceChangedType {
    return balanceChangedType(memberId, transaction)
  }
}

async function followWallet({
  args,
  context,
}: {
  args: Record<string, unknown>
  context: GatewayContext
}): Promise<AsyncIterableIterator<Change>> {
  const memberId = context.actingFor(args.memberId as string | null | undefined)
  const after = versionOf(args.after as string | null | undefined)
  const wallet = await context.findWalletOf(memberId)
  if (wallet === undefined) {
    throw badUserInput('There is no such member.', { field: 'memberId' })
  }
  const follower = await context.walletFeed.follow({ wallet, after })
  const changes: AsyncIterableIterator<Change> = {
    next: async () => changeOf(await follower.next()),
    return: async () => changeOf(await follower.return()),
    throw: async (error) => changeOf(await follower.throw(error)),
    [Symbol.asyncIterator]: () => changes,
  }
  return changes

  function changeOf(result: IteratorResult<LedgerTransaction>): IteratorResult<Change> {
    if (result.done) return { value: undefined, done: true }
    return { value: { memberId, transaction: result.value }, done: false }
  }
}

function versionOf(after: string | null | undefined): number | null {
  if (after === null || after === undefined) return null
  const version = /^(0|[1-9]\d{0,15})$/.test(after) ? Number(after) : Number.NaN
  if (!Number.isSafeInteger(version)) {
    throw badUserInput('`after` is a version of the wallet: a whole number, 0 or more.', {
      field: 'after',
    })
  }
  return version
}
