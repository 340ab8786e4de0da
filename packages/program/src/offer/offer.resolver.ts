import type { Wallet } from '@pointwell/ledger'
import { checkReason } from '@pointwell/plugin'
import {
  assertCursor,
  assertPageSize,
  badUserInput,
  type Connection,
  connectionFrom,
  encodeCursor,
  PageArgs,
  ReasonArg,
  type RefusalType,
  resultUnion,
} from '@pointwell/plugin/graphql'
import {
  Arg,
  Args,
  Ctx,
  Extensions,
  Field,
  ID,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql'
import { actingOf } from '../audit/acting.js'
import { MEMBER_AND_STOREFRONT, OPERATORS, RULE_MAKERS } from '../context/access.js'
import { loadWallet } from '../context/load-wallet.js'
import type { ProgramContext } from '../context/program-context.js'
import { memberFacts } from '../member/member-facts.js'
import type { Member } from '../member/member-rows.js'
import { readMemo } from '../memo/programme-memo.js'
import { orRefusal } from '../refusal/or-refusal.js'
import { checkOfferFor, checkOfferWindow } from './check-offer-open.js'
import { CreateOfferInput, newOffer, offerChange, UpdateOfferInput } from './offer.input.js'
import { OfferConnection, OfferType, offerType } from './offer.object.js'
import type { Offer } from './offer-terms.js'

const LIST = 'offers'

@ObjectType('OfferSaved', { description: 'The offer as it is now.', simpleResolvers: true })
export class OfferSavedType {
  @Field(() => OfferType, { description: 'The offer.' })
  offer!: OfferType
}

const CreateOfferResult = resultUnion('CreateOfferResult', OfferSavedType, 'The offer, or why not.')
const UpdateOfferResult = resultUnion('UpdateOfferResult', OfferSavedType, 'The offer, or why not.')

@Resolver()
export class OfferResolver {
  @Extensions({ access: [...MEMBER_AND_STOREFRONT, ...OPERATORS] })
  @Query(() => OfferConnection, {
    description:
      'What can be had for points. For a member: what that member may redeem now, at the member’s price. Operators who name no member see everything.',
  })
  async offers(
    @Ctx() context: ProgramContext,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Arg('channel', () => String, { nullable: true, description: 'Only of this channel.' })
    channel: string | null,
    @Arg('memberId', () => ID, {
      nullable: true,
      description: 'For whom; a member may leave it out.',
    })
    memberId: string | null,
  ): Promise<Connection<OfferType>> {
    assertPageSize(first)
    const place = assertCursor(LIST, ['string'], after)
    const member = await findViewed(context, memberId)
    const isOperators = member === null && context.viewer.kind === 'operator'
    const wallet = member && (await loadWallet(context, member.wallet))
    const isFor = wallet ? visibleTo(member, { wallet, context }) : isServedBy(context)
    const buyer = wallet && { wallet: wallet.id, asRead: wallet }
    const items = await context.program.offers.page({
      after: place && String(place[0]),
      limit: first + 1,
      channel: channel ?? null,
      onlyOpen: !isOperators,
      ...(!isOperators && { isFor }),
    })
    return connectionFrom({
      items,
      first,
      after,
      cursorOf: ({ id }) => encodeCursor(LIST, [id]),
      nodeOf: (offer) => offerType(offer, buyer),
    })
  }

  @Extensions({ access: [...MEMBER_AND_STOREFRONT, ...OPERATORS] })
  @Query(() => OfferType, {
    nullable: true,
    description: 'One offer; null: there is none, or the member who asks may not have it now.',
  })
  async offer(
    @Ctx() context: ProgramContext,
    @Arg('id', () => ID, { description: 'Which.' }) id: string,
    @Arg('memberId', () => ID, {
      nullable: true,
      description: 'At whose price; a member may leave it out.',
    })
    memberId: string | null,
  ): Promise<OfferType | null> {
    const member = await findViewed(context, memberId)
    const offer = await context.loaders.offer(id)
    if (!offer) return null
    if (!member) return offerType(offer, null)
    if (context.viewer.kind !== 'member') return offerType(offer, { wallet: member.wallet })
    const wallet = await loadWallet(context, member.wallet)
    if (!visibleTo(member, { wallet, context })(offer)) return null
    return offerType(offer, { wallet: wallet.id, asRead: wallet })
  }

  @Extensions({ access: RULE_MAKERS })
  @Mutation(() => CreateOfferResult, { description: 'Offers something new for points.' })
  createOffer(
    @Ctx() context: ProgramContext,
    @Arg('input', () => CreateOfferInput, { description: 'The offer.' }) input: CreateOfferInput,
    @ReasonArg() reason: string | null,
  ): Promise<OfferSavedType | RefusalType> {
    const wrong = checkReason(reason)
    const acting = actingOf(context, reason)
    const answer = wrong ?? context.program.offers.create(newOffer(input), acting)
    return orRefusal(answer, context, saved)
  }

  @Extensions({ access: RULE_MAKERS })
  @Mutation(() => UpdateOfferResult, {
    description: 'Changes an offer. Redemptions and quotes made before keep their terms.',
  })
  updateOffer(
    @Ctx() context: ProgramContext,
    @Arg('input', () => UpdateOfferInput, { description: 'What changes.' }) input: UpdateOfferInput,
    @ReasonArg() reason: string | null,
  ): Promise<OfferSavedType | RefusalType> {
    const wrong = checkReason(reason)
    const acting = actingOf(context, reason)
    const answer = wrong ?? context.program.offers.update(offerChange(input), acting)
    return orRefusal(answer, context, saved)
  }
}

function saved(offer: Offer): OfferSavedType {
  return Object.assign(new OfferSavedType(), { offer: offerType(offer, null) })
}

/** The member that offers are shown to: the viewer itself, or the one that was named. */
async function findViewed(
  context: ProgramContext,
  memberId: string | null | undefined,
): Promise<Member | null> {
  if (context.viewer.kind !== 'member' && !memberId) return null
  const member = await context.program.members.find(context.actingFor(memberId))
  if (!member) throw badUserInput('There is no such member.', { field: 'memberId' })
  return member
}

function visibleTo(
  member: Member,
  { wallet, context }: { wallet: Wallet; context: ProgramContext },
): (offer: Offer) => boolean {
  const now = context.now()
  const policy = context.program.policies.at(now)
  const memo = readMemo(wallet.memo)
  const facts = memberFacts(member, { policy, memo, at: now, source: '' })
  const isServed = isServedBy(context)
  return (offer) => isServed(offer) && !checkOfferWindow(offer, now) && !checkOfferFor(offer, facts)
}

/** Whether this server has the channel that would give it: a plugin may be gone, and its offers are not. */
function isServedBy({ program }: ProgramContext): (offer: Offer) => boolean {
  return ({ channel }) => program.channels.has(channel)
}
