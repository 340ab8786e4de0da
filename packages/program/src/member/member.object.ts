import { lockOf } from '@pointwell/ledger'
import type { ActivityClass, Money } from '@pointwell/plugin'
import {
  assertCursor,
  assertPageSize,
  type Connection,
  connectionFrom,
  connectionOf,
  DateTimeScalar,
  encodeCursor,
  MoneyScalar,
  PageArgs,
  WalletType,
  walletType,
} from '@pointwell/plugin/graphql'
import { Args, Ctx, Directive, Extensions, Field, ID, Int, ObjectType } from 'type-graphql'
import { activityAt } from '../activity/activity-at.js'
import { ActivityClassEnum } from '../activity/activity-class.object.js'
import { BadgeType, badgesOf } from '../badge/badge.object.js'
import { CONFIDANTS, SORTERS } from '../context/access.js'
import { loadWallet } from '../context/load-wallet.js'
import type { ProgramContext } from '../context/program-context.js'
import { ExperimentVariantType, variantTypes } from '../experiment/variant.object.js'
import { emptyWallet, hangOnMemo, variantsOf } from '../experiment/variants-of.js'
import { FreezeType, freezeType } from '../freeze/freeze.object.js'
import { MembershipType, membershipType } from '../membership/membership.object.js'
import { readMemo } from '../memo/programme-memo.js'
import { FormerMemberType, formerMemberType } from '../merge/former-member.object.js'
import { MessageConnection, type MessageType, messageType } from '../message/message.object.js'
import {
  RedemptionConnection,
  type RedemptionType,
  redemptionType,
} from '../redemption/redemption.object.js'
import { RenewableLotType, renewableLots } from '../renewal/renewable.object.js'
import { RfmScoresType, SegmentType, segmentType } from '../segment/segment.object.js'
import { countDue } from '../standing/take-stock.js'
import { acceleratorAt } from '../tier/accelerator.js'
import { deriveTier, tierProgress } from '../tier/derive-tier.js'
import {
  money,
  TierChangeType,
  TierFloorType,
  TierProgressType,
  TierType,
  tierChangeType,
  tierFloorType,
  tierProgressType,
  tierType,
} from '../tier/tier.object.js'
import { floorAt } from '../tier/tier-floor.js'
import { TransferConnection, type TransferType, transferType } from '../transfer/transfer.object.js'
import type { Member } from './member-rows.js'

@ObjectType('Birthday', { description: 'A day of the year.', simpleResolvers: true })
export class BirthdayType {
  @Field(() => Int, { description: '1 to 12.' })
  month!: number

  @Field(() => Int, { description: '1 to 31.' })
  day!: number
}

@ObjectType('Consent', {
  description: 'Whether messages may be sent, by channel.',
  simpleResolvers: true,
})
export class ConsentType {
  @Field(() => String, { description: 'How: `e-mail`, `sms` …' })
  channel!: string

  @Field(() => Boolean, { description: 'Whether the member agreed.' })
  granted!: boolean
}

@ObjectType('Identity', { description: 'Something linked to a member.', simpleResolvers: true })
export class IdentityType {
  @Field(() => String, { description: 'What it is: `phone`, `vehicle`, `card` …' })
  kind!: string

  @Field(() => String, { description: 'The number, or whatever names it.' })
  value!: string
}

@Directive('@key(fields: "id")')
@ObjectType('Member', {
  description: 'Somebody who takes part. No other personal data is kept.',
  simpleResolvers: true,
})
export class MemberType {
  member!: Member

  @Field(() => ID, { description: 'The shop’s own id of the member.' })
  id!: string

  @Field(() => DateTimeScalar, { description: 'Since when.' })
  joinedAt!: number

  @Field(() => BirthdayType, { nullable: true, description: 'Month and day only.' })
  birthday!: BirthdayType | null

  @Field(() => String, { nullable: true, description: 'Where: an operator’s word.' })
  region!: string | null

  @Field(() => Boolean, { description: 'Whether the member is staff.' })
  staff!: boolean

  @Extensions({ access: CONFIDANTS })
  @Field(() => [ConsentType], {
    nullable: true,
    description: 'Consent to messages; null only for who may not read it.',
  })
  consent!: readonly ConsentType[] | null

  @Field(() => DateTimeScalar, {
    description: 'When the member last earned, claimed or redeemed; until then: when it joined.',
  })
  async lastActiveAt(@Ctx() context: ProgramContext): Promise<number> {
    return (await memoOf(this, context)).lastActiveAt ?? this.joinedAt
  }

  @Field(() => ActivityClassEnum, { description: 'How active the member is now.' })
  async activity(@Ctx() context: ProgramContext): Promise<ActivityClass> {
    const at = context.now()
    const policy = context.program.policies.at(at)
    return activityAt(await memoOf(this, context), { policy, at })
  }

  @Extensions({ access: CONFIDANTS })
  @Field(() => [IdentityType], {
    nullable: true,
    description: 'What is linked to the member; null only for who may not read it.',
  })
  async identities(@Ctx() { loaders }: ProgramContext): Promise<readonly IdentityType[]> {
    return loaders.identities(this.member.wallet)
  }

  @Field(() => MembershipType, { description: 'How long the membership lasts.' })
  async membership(@Ctx() context: ProgramContext): Promise<MembershipType> {
    return membershipType(await loadWallet(context, this.member.wallet), context.now())
  }

  @Field(() => [FreezeType], { description: 'What operators froze and did not free yet.' })
  async freezes(@Ctx() context: ProgramContext): Promise<readonly FreezeType[]> {
    const wallet = await loadWallet(context, this.member.wallet)
    return lockOf(wallet).freezes.map(freezeType)
  }

  @Extensions({ access: SORTERS })
  @Field(() => [SegmentType], {
    nullable: true,
    description:
      'The segments that the last daily review put the member in; null only for who may not read it.',
  })
  segments(@Ctx() { program, now }: ProgramContext): readonly SegmentType[] {
    const policy = program.policies.at(now())
    return this.member.segments.map((id) => segmentType(id, policy))
  }

  @Extensions({ access: SORTERS })
  @Field(() => RfmScoresType, {
    nullable: true,
    description:
      'How the last daily review scored the member’s orders; null: it has none in the window, or for who may not read it.',
  })
  rfm(): RfmScoresType | null {
    const { rfm } = this.member
    return rfm && Object.assign(new RfmScoresType(), rfm)
  }

  @Extensions({ access: SORTERS })
  @Field(() => [ExperimentVariantType], {
    nullable: true,
    description:
      'The variants of experiments that the member is in now; null only for who may not read it.',
  })
  async variants(@Ctx() context: ProgramContext): Promise<readonly ExperimentVariantType[]> {
    const at = context.now()
    const { experiments } = context.program.policies.at(at).document
    const id = this.member.wallet
    const wallet = hangOnMemo(experiments, at) ? await loadWallet(context, id) : emptyWallet(id)
    return variantTypes(variantsOf(experiments, { wallet, at }))
  }

  @Field(() => [BadgeType], {
    description: 'The badges that the member has or can earn, and how far it has come.',
  })
  async badges(@Ctx() context: ProgramContext): Promise<readonly BadgeType[]> {
    const { policy, memo } = await questionOf(this, context)
    return badgesOf(memo, { policy, policies: context.program.policies })
  }

  @Field(() => [TierChangeType], {
    description:
      'How the tier changed, the newest first: upwards as it happened, downwards as the daily review noticed it. The last 20 are kept.',
  })
  async tierHistory(@Ctx() context: ProgramContext): Promise<readonly TierChangeType[]> {
    const { policy, memo } = await questionOf(this, context)
    return memo.tierChanges.toReversed().map((change) => tierChangeType(change, policy))
  }

  @Field(() => TierFloorType, {
    nullable: true,
    description: 'A tier that an operator gave the member until a date; null: none.',
  })
  async tierFloor(@Ctx() context: ProgramContext): Promise<TierFloorType | null> {
    const { policy, floors, at } = await questionOf(this, context)
    const floor = floorAt(floors, at)
    return floor && tierFloorType(floor, policy)
  }

  @Field(() => TierType, { description: 'The tier now.' })
  async tier(@Ctx() context: ProgramContext): Promise<TierType> {
    const question = await questionOf(this, context)
    return tierType(deriveTier(question.policy.document, question), question.policy)
  }

  @Field(() => MoneyScalar, { description: 'What counts for the tier, in the current period.' })
  async qualifyingSpend(@Ctx() context: ProgramContext): Promise<Money> {
    const question = await questionOf(this, context)
    const { spentMinor } = tierProgress(question.policy.document, question)
    return money(question.policy, spentMinor)
  }

  @Field(() => TierProgressType, { description: 'How far it is to the next tier.' })
  async tierProgress(@Ctx() context: ProgramContext): Promise<TierProgressType> {
    const question = await questionOf(this, context)
    const { policy, memo, at } = question
    const accelerator = acceleratorAt(memo.accelerators, at)
    return tierProgressType(tierProgress(policy.document, question), { policy, accelerator })
  }

  @Field(() => WalletType, { description: 'The member’s points.' })
  async wallet(@Ctx() context: ProgramContext): Promise<WalletType> {
    return walletType(await loadWallet(context, this.member.wallet))
  }

  @Field(() => [FormerMemberType], {
    // Hardly anybody was anybody else before.
    complexity: ({ childComplexity }) => 1 + childComplexity,
    description:
      'Members who were found to be the same person and were merged into this one, the first one first, each with the history that it has by itself.',
  })
  mergedFrom(): readonly FormerMemberType[] {
    return (this.member.formerly ?? []).map(formerMemberType)
  }

  @Field(() => [RenewableLotType], {
    description: 'Points that run out soon and what renews them, the soonest to run out first.',
  })
  async renewable(@Ctx() context: ProgramContext): Promise<RenewableLotType[]> {
    const { wallet } = this.member
    const { renewed } = await memoOf(this, context)
    const lots = await context.ledgerReads.findOpenLots(wallet)
    const now = context.now()
    return renewableLots(
      { wallet, lots, now },
      { renewed, policy: context.program.policies.at(now) },
    )
  }

  @Extensions({ access: CONFIDANTS })
  @Field(() => MessageConnection, {
    nullable: true,
    description: 'What the member is told, the newest first; null only for who may not read it.',
  })
  async messages(
    @Ctx() { program, loaders }: ProgramContext,
    @Args(() => PageArgs) { first, after }: PageArgs,
  ): Promise<Connection<MessageType>> {
    assertPageSize(first)
    const { wallet } = this.member
    // As with redemptions: the cursor names the wallet, and first pages are read together (A4).
    const list = `messages:${wallet}`
    const place = assertCursor(list, ['number'], after)
    const limit = first + 1
    const items = place
      ? await program.messages.page({ wallet, before: Number(place[0]), limit })
      : await loaders.messages({ wallet, limit })
    return connectionFrom({
      items,
      first,
      after,
      cursorOf: ({ id }) => encodeCursor(list, [id]),
      nodeOf: messageType,
    })
  }

  @Field(() => RedemptionConnection, { description: 'What was had for points, the newest first.' })
  async redemptions(
    @Ctx() { program, loaders }: ProgramContext,
    @Args(() => PageArgs) { first, after }: PageArgs,
  ): Promise<Connection<RedemptionType>> {
    assertPageSize(first)
    const { wallet } = this.member
    const list = `redemptions:${wallet}`
    // The cursor names the wallet, so that a list of members has at most one page that is not the
    // first: the first ones are read together (A4).
    const place = assertCursor(list, ['string'], after)
    const limit = first + 1
    const items = place
      ? await program.redemptions.findOfWallet(wallet, { before: String(place[0]), limit })
      : await loaders.redemptions({ wallet, limit })
    return connectionFrom({
      items,
      first,
      after,
      cursorOf: ({ id }) => encodeCursor(list, [id]),
      nodeOf: redemptionType,
    })
  }

  @Field(() => TransferConnection, {
    description: 'Points given to other members and received from them, the newest first.',
  })
  async transfers(
    @Ctx() { program, loaders }: ProgramContext,
    @Args(() => PageArgs) { first, after }: PageArgs,
  ): Promise<Connection<TransferType>> {
    assertPageSize(first)
    const { wallet } = this.member
    const list = `transfers:${wallet}`
    // As with redemptions: at most one page of many members is not the first (A4).
    const place = assertCursor(list, ['string'], after)
    const limit = first + 1
    const items = place
      ? await program.transfers.findOfWallet(wallet, { before: String(place[0]), limit })
      : await loaders.transfers({ wallet, limit })
    return connectionFrom({
      items,
      first,
      after,
      cursorOf: ({ ref }) => encodeCursor(list, [ref]),
      nodeOf: ({ transfer }) => transferType(transfer),
    })
  }
}

export const MemberConnection = connectionOf(MemberType, 'Member')

export function memberType(member: Member): MemberType {
  const { id, joinedAt, birthday, region, staff, consent } = member
  return Object.assign(new MemberType(), {
    member,
    id,
    joinedAt,
    birthday: birthday && Object.assign(new BirthdayType(), birthday),
    region,
    staff,
    consent: consent.map((it) => Object.assign(new ConsentType(), it)),
  })
}

async function memoOf({ member }: MemberType, context: ProgramContext) {
  return readMemo((await loadWallet(context, member.wallet)).memo)
}

/** What the tier is derived from. */
async function questionOf(member: MemberType, context: ProgramContext) {
  const at = context.now()
  const policy = context.program.policies.at(at)
  const memo = countDue(await memoOf(member, context), { policy, now: at })
  return { policy, memo, qualifying: memo, floors: memo.floors, at, calendar: policy.calendar }
}
