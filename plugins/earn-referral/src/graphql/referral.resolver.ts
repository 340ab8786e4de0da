import { isRefusal, type RequestContext } from '@pointwell/plugin'
import {
  badUserInput,
  DateTimeScalar,
  forbidden,
  type RefusalType,
  toRefusalType,
} from '@pointwell/plugin/graphql'
import { Arg, Ctx, Extensions, ID, Int, Mutation, Query, Resolver } from 'type-graphql'
import type { AcceptDetails } from '../decision/decide-accept.js'
import type { ReferralEvent } from '../event/referral-event.js'
import { type ReferralMemory, referralMark } from '../memory/referral-memory.js'
import { PLUGIN_ID } from '../plugin-id.js'
import type { ReferralFriendEntity } from '../store/referral-friend.entity.js'
import { clearFriend, findCodeOf, findFriends, findUndecided } from '../store/referral-table.js'
import { acceptCode } from './accept-code.js'
import { createCode } from './create-code.js'
import {
  AcceptReferralInput,
  CreateReferralCodeInput,
  DecideReferralInput,
} from './referral.inputs.js'
import { HeldReferral, ReferralType, ReferredFriend, stateOf } from './referral.object.js'
import {
  AcceptReferralResult,
  CreateReferralCodeResult,
  DecideReferralResult,
  ReferralAccepted,
  ReferralCodeCreated,
  ReferralDecided,
} from './referral-results.js'
import { referralOf } from './walk-line.js'

const source = PLUGIN_ID
const MAX_PAGE = 100

@Resolver()
export class ReferralResolver {
  @Query(() => ReferralType, {
    nullable: true,
    description: 'A member’s code and whom it brought. Null: there is no such member.',
  })
  @Extensions({ access: ['member', 'storefront', 'support'] })
  async referral(
    @Ctx() context: RequestContext,
    @Arg('memberId', () => ID, {
      nullable: true,
      description: 'Whose; a member may leave it out.',
    })
    memberId?: string | null,
    @Arg('first', () => Int, {
      defaultValue: 20,
      description: `How many friends to show, ${MAX_PAGE} at most.`,
    })
    first = 20,
    @Arg('before', () => DateTimeScalar, {
      nullable: true,
      description: 'Only friends who accepted before then: for the next page.',
    })
    before?: number | null,
  ): Promise<ReferralType | null> {
    assertPage(first)
    const referrerIds = await context.program.idsOf(context.actingFor(memberId))
    const [id] = referrerIds
    const memory = id === undefined ? null : await referralOf(context.program, id)
    if (id === undefined || !memory) return null
    const store = context.program.store(source)
    const [code, friends] = await Promise.all([
      findCodeOf(store, id),
      findFriends(store, { referrerIds, before: before ?? null, limit: first }),
    ])
    const shown = await Promise.all(friends.map((friend) => shownFriend(context, friend)))
    return Object.assign(new ReferralType(), {
      code: code ?? null,
      accepted: memory.accepted && stateOf(memory),
      friends: shown.filter((friend) => friend !== null),
    })
  }

  @Query(() => [HeldReferral], {
    description: 'Referrals that wait for a decision, the oldest first.',
  })
  @Extensions({ access: ['support', 'rules'] })
  async referralsHeld(
    @Ctx() context: RequestContext,
    @Arg('first', () => Int, {
      defaultValue: 50,
      description: `How many to show, ${MAX_PAGE} at most.`,
    })
    first: number,
  ): Promise<HeldReferral[]> {
    assertPage(first)
    const store = context.program.store(source)
    const held: HeldReferral[] = []
    let after: ReferralFriendEntity | null = null
    // Of those that were never accepted, or are accepted and not held, there may be a page and more.
    for (;;) {
      const rows: ReferralFriendEntity[] = await findUndecided(store, { after, limit: first })
      const shown = await Promise.all(rows.map((row) => heldReferral(context.program, row)))
      held.push(...shown.filter((it) => it !== null))
      after = rows.at(-1) ?? null
      if (rows.length < first || held.length >= first) return held.slice(0, first)
    }
  }

  @Mutation(() => CreateReferralCodeResult, {
    description: 'The code with which a member brings others: made the first time, then the same.',
  })
  @Extensions({ access: ['member', 'storefront'] })
  async createReferralCode(
    @Ctx() context: RequestContext,
    @Arg('input', () => CreateReferralCodeInput, { description: 'Whose, and how it is known.' })
    input: CreateReferralCodeInput,
  ): Promise<ReferralCodeCreated | RefusalType> {
    const code = await createCode(context, {
      memberId: context.actingFor(input.memberId),
      deviceId: input.deviceId ?? null,
      paymentId: input.paymentId ?? null,
    })
    if (typeof code !== 'string') return toRefusalType(code, context.language)
    return Object.assign(new ReferralCodeCreated(), { referralCode: code })
  }

  @Mutation(() => AcceptReferralResult, {
    description:
      'A new member accepts a code. Points come when the member’s first order is confirmed, not before. The same again changes nothing.',
  })
  @Extensions({ access: ['member', 'storefront'] })
  async acceptReferral(
    @Ctx() context: RequestContext,
    @Arg('input', () => AcceptReferralInput, { description: 'Who, and which code.' })
    input: AcceptReferralInput,
  ): Promise<ReferralAccepted | RefusalType> {
    const answer = await acceptCode(context, {
      memberId: context.actingFor(input.memberId),
      code: input.code,
      deviceId: input.deviceId ?? null,
      paymentId: input.paymentId ?? null,
    })
    if (isRefusal(answer)) return toRefusalType(answer, context.language)
    const { held } = answer.details as AcceptDetails
    return Object.assign(new ReferralAccepted(), {
      heldBecause: held,
      replayed: answer.replayed,
    })
  }

  @Mutation(() => DecideReferralResult, {
    description: 'Releases a referral that is held, or decides against it; once.',
  })
  @Extensions({ access: ['support', 'rules'] })
  async decideReferral(
    @Ctx() context: RequestContext,
    @Arg('input', () => DecideReferralInput, { description: 'Which, and how.' })
    input: DecideReferralInput,
  ): Promise<ReferralDecided | RefusalType> {
    const { program, language, viewer } = context
    if (viewer.kind !== 'operator') throw forbidden()
    const { friendId: memberId, release, reason } = input
    const memory = await referralOf(program, memberId)
    const [id = memberId] = await program.idsOf(memberId)
    const of = memory && referralMark(memory, id)
    const event: ReferralEvent = {
      act: 'rule',
      release,
      by: viewer.subject,
      reason,
      ...(of !== null && { of }),
    }
    const act = { name: 'decideReferral', context, reason }
    const answer = await program.earn({ source, memberId, event, act })
    if (isRefusal(answer)) return toRefusalType(answer, language)
    await clearFriend(program.store(source), memory?.accepted?.friend ?? id)
    return Object.assign(new ReferralDecided(), { released: release, replayed: answer.replayed })
  }
}

/** What is remembered of the referral that a row is about. Null: it was about to be accepted, and never was;
 * or the member was brought by another one, as whom it is known since a merge. */
async function findWritten(
  program: RequestContext['program'],
  { friendId, referrerId }: ReferralFriendEntity,
): Promise<(ReferralMemory & { accepted: NonNullable<ReferralMemory['accepted']> }) | null> {
  const memory = await referralOf(program, friendId)
  if (!memory?.accepted) return null
  const { accepted } = memory
  const [current = friendId] = await program.idsOf(friendId)
  if (friendId !== (accepted.friend ?? current)) return null
  // Whoever brought the friend may go by another id since.
  const names = [referrerId, ...(await program.idsOf(referrerId))]
  return names.includes(accepted.referrer) ? { ...memory, accepted } : null
}

/** Null where nobody has to decide on it. */
async function heldReferral(
  program: RequestContext['program'],
  row: ReferralFriendEntity,
): Promise<HeldReferral | null> {
  const memory = await findWritten(program, row)
  if (!memory || memory.held === null || memory.ruling !== null) return null
  const { accepted, held, qualified } = memory
  return Object.assign(new HeldReferral(), {
    friendId: row.friendId,
    referrerId: accepted.referrer,
    acceptedAt: accepted.at,
    reasons: held,
    qualified: qualified !== null,
  })
}

async function shownFriend(
  { program, viewer }: RequestContext,
  row: ReferralFriendEntity,
): Promise<ReferredFriend | null> {
  const memory = await findWritten(program, row)
  if (!memory) return null
  const { friendId, referrerId } = row
  const [current] = await program.idsOf(friendId)
  const once = `reward:${friendId}`
  const reward = await program.findEarned({ source, memberId: referrerId, once })
  return Object.assign(new ReferredFriend(), {
    friendId: viewer.kind === 'member' ? null : (current ?? friendId),
    acceptedAt: memory.accepted.at,
    state: stateOf(memory),
    points: reward?.standing ?? 0,
  })
}

function assertPage(first: number): void {
  if (first >= 1 && first <= MAX_PAGE) return
  throw badUserInput(`Ask for 1 to ${MAX_PAGE} at once.`, { field: 'first' })
}
