// Written by scripts/write-client-documents.mjs from the operations beside it; do not edit.
import type { TypedDocument } from './typed-document.js'

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** A code that a new member accepts. */
export type AcceptReferralInput = {
  /** The code as the member typed it. */
  readonly code: string;
  /** The device the member uses; only its fingerprint is kept. */
  readonly deviceId?: string | null | undefined;
  /** Who accepts; a member may leave it out. */
  readonly memberId?: string | null | undefined;
  /** What the member pays with; only its fingerprint is kept. */
  readonly paymentId?: string | null | undefined;
};

/** What a member thinks of a redemption. */
export type AnswerSurveyInput = {
  /** In the member’s own words, up to 1,000 characters. */
  readonly comment?: string | null | undefined;
  /** Which redemption. */
  readonly redemptionId: string;
  /** From 1, bad, to 5, good. */
  readonly score: number;
};

/** A day of the year. */
export type BirthdayInput = {
  /** 1 to 31. */
  readonly day: number;
  /** 1 to 12. */
  readonly month: number;
};

/** The money part of a redemption, which the storefront took. */
export type ConfirmPaymentInput = {
  /** How much was paid. */
  readonly amount: string;
  /** Which redemption. */
  readonly redemptionId: string;
  /** The storefront’s own name of the payment, up to 100 characters. */
  readonly reference: string;
};

/** Whether messages may be sent, by channel. */
export type ConsentInput = {
  /** How: `e-mail`, `sms` … */
  readonly channel: string;
  /** Whether the member agreed. */
  readonly granted: boolean;
};

/** Where a coupon is in its life. */
export type CouponStatus =
  /** Nobody used it in time. */
  | 'EXPIRED'
  /** Can be used. */
  | 'ISSUED'
  /** An order used it, or the member activated it. */
  | 'USED'
  /** Its redemption was cancelled. */
  | 'VOID';

/** What a coupon does for an order, or a card for a member. */
export type CouponType =
  /** Pays an amount of an order, like a note of that worth. */
  | 'CASH'
  /** Takes an amount off the delivery fee, or all of it. */
  | 'DELIVERY'
  /** Takes an amount off any order. */
  | 'DIRECT_DEDUCTION'
  /** A card: points that end soon last longer. */
  | 'EXPIRY_EXTENSION'
  /** Takes an amount off an order of at least so much. */
  | 'FULL_REDUCTION'
  /** A card: orders earn more points for a time. */
  | 'RATE_UP'
  /** A card: what is spent counts more for the tier for a time. */
  | 'TIER_ACCELERATOR';

/** Whose code, and how the member is known. */
export type CreateReferralCodeInput = {
  /** The device the member uses; only its fingerprint is kept. */
  readonly deviceId?: string | null | undefined;
  /** Whose; a member may leave it out. */
  readonly memberId?: string | null | undefined;
  /** What the member pays with; only its fingerprint is kept. */
  readonly paymentId?: string | null | undefined;
};

/** How a game is played. */
export type GameType =
  /** A chance to win one of several prizes. */
  | 'DRAW'
  /** The member picks an option, and a draw says which it is. */
  | 'GUESS'
  /** Another life in a game of the storefront’s own. */
  | 'REVIVE'
  /** Points are staked on an outcome; winners share the pool. */
  | 'STAKE';

/** What kind of goods they are. */
export type GoodsKind =
  /** A code of a pool; the receipt of the redemption has it. */
  | 'CODE'
  /** A product of the programme’s own. */
  | 'OWN'
  /** Sent to an address. */
  | 'PHYSICAL'
  /** An account that is topped up. */
  | 'TOP_UP';

/** Something linked to a member. */
export type IdentityInput = {
  /** A kind of the policy’s `identities`. */
  readonly kind: string;
  /** The number, or whatever names it. One member’s only. */
  readonly value: string;
};

/** One unit of the game’s price on an outcome. */
export type JoinStakeInput = {
  /** The same key again is the same stake; another key is another one. Up to 100 characters. */
  readonly idempotencyKey: string;
  /** The member; a member may leave it out. */
  readonly memberId?: string | null | undefined;
  /** The outcome. */
  readonly outcome: string;
  /** The round. */
  readonly roundId: string;
};

/** How far a lot has come. Where its points are in several states, the first of these. */
export type LotState =
  /** Usable now. */
  | 'AVAILABLE'
  /** Must be claimed by `claimBy`, or it is void. */
  | 'CLAIMABLE'
  /** Nothing left; all of it was spent or taken back. */
  | 'EXHAUSTED'
  /** Nothing left; points of it ran out. */
  | 'EXPIRED'
  /** In the wallet, not usable. */
  | 'FROZEN'
  /** All that is left is reserved for redemptions in progress. */
  | 'HELD'
  /** Earned, not yet usable: the order is not confirmed yet. */
  | 'PENDING'
  /** All of it was cancelled before it was usable: returned, or not claimed in time. */
  | 'VOIDED';

/** What becomes of a pool that nobody wins. */
export type NobodyWon =
  /** The programme keeps it. */
  | 'KEPT'
  /** Stakes come back. */
  | 'RETURNED';

/** Points that are to pay a part of an order. */
export type PayWithPointsInput = {
  /** The same key again is the same payment. Up to 100 characters. */
  readonly idempotencyKey: string;
  /** Whose points. */
  readonly memberId: string;
  /** What the order comes to before points. */
  readonly orderAmount: string;
  /** The order; it has one payment at a time. Up to 100 characters. */
  readonly orderId: string;
  /** At most so many: fewer are taken where fewer pay the same. */
  readonly points: number;
};

/** A stretch of time, of the programme’s own time zone. */
export type Period =
  /** A day. */
  | 'DAY'
  /** For ever. */
  | 'LIFETIME'
  /** A month of the calendar. */
  | 'MONTH'
  /** A week, from Monday. */
  | 'WEEK'
  /** A year of the calendar. */
  | 'YEAR';

/** A play that a member wants. All of it is fixed before anything is drawn. */
export type PlayGameInput = {
  /** A text of the member’s own that the draw depends on, up to 64 characters; everybody can read it with the play. Without one it is the redemption’s id. */
  readonly clientSeed?: string | null | undefined;
  /** The commitment that the member saw: where another round has begun since, it is refused with GAME_ROUND_ENDED. */
  readonly commitment?: string | null | undefined;
  /** Needed with `offerId`: the same key again is the same play. Up to 100 characters. */
  readonly idempotencyKey?: string | null | undefined;
  /** The member; a member may leave it out. */
  readonly memberId?: string | null | undefined;
  /** The game at its price now; or `quoteId`. */
  readonly offerId?: string | null | undefined;
  /** Of a guess: the option. */
  readonly pick?: string | null | undefined;
  /** A quote, at the price it promised; once. */
  readonly quoteId?: string | null | undefined;
};

/** How far points that pay an order have come. */
export type PointsPaymentStatus =
  /** The order is placed; they are spent, but for what came back. */
  | 'CAPTURED'
  /** They wait for the order to be placed. */
  | 'HELD'
  /** The order came to nothing; they are back. */
  | 'RELEASED';

/** A line of an order. */
export type PurchaseLineInput = {
  /** The article, up to 128 characters. */
  readonly article: string;
  /** What category rates go by. */
  readonly category?: string | null | undefined;
  /** Unique in its order: what a return names. */
  readonly id: string;
  /** How many pieces, 1 to 1,000,000. */
  readonly quantity: number;
  /** Price of one piece: an exact decimal in major units, not negative, at most four places: `"12.5"`. */
  readonly unitPrice: string;
};

/** Something that a member did. */
export type RecordBehaviourInput = {
  /** When it was done; otherwise now. It counts in the period of that moment. */
  readonly at?: string | null | undefined;
  /** Which behaviour of the policy it was: `share`. */
  readonly behaviour: string;
  /** Who did it. */
  readonly memberId: string;
  /** Names the act among those of this member and behaviour (what was shared, an order’s id): sent again, it counts once. */
  readonly ref: string;
};

/** An order as the shop has it. */
export type RecordPurchaseInput = {
  /** When it was bought. */
  readonly at: string;
  /** Already signed for: the points need not wait. */
  readonly confirmed?: boolean | null | undefined;
  /** ISO 4217 code of all amounts; the programme’s currency: `CNY`. */
  readonly currency: string;
  /** Delivery, beside the lines: earns nothing. */
  readonly delivery?: string | null | undefined;
  /** Taxes within the prices: earn nothing. */
  readonly includedTax?: string | null | undefined;
  /** The goods, 1 to 1,000 lines. Delivery is not among them. */
  readonly lines: ReadonlyArray<PurchaseLineInput>;
  /** Who bought. */
  readonly memberId: string;
  /** Names the order in the programme: sent again, it counts once. */
  readonly orderId: string;
  /** Paid with coupons: earns nothing. */
  readonly paidWithCoupons?: string | null | undefined;
  /** Paid with points: earns nothing. */
  readonly paidWithPoints?: string | null | undefined;
  /** Where it was bought, for regional rates; else the member’s region counts. */
  readonly region?: string | null | undefined;
};

/** What a member wants to have for points. */
export type RedeemInput = {
  /** Needed with `offerId`: the same key again is the same redemption. Up to 100 characters. */
  readonly idempotencyKey?: string | null | undefined;
  /** The member; a member may leave it out. */
  readonly memberId?: string | null | undefined;
  /** An offer at its price now; or `quoteId`. */
  readonly offerId?: string | null | undefined;
  /** What the channel wants to know, by its own schema: an address reference … */
  readonly order?: unknown;
  /** How much of the price is paid in points, where the rest can be paid in money; default: as much as can be. Not with `quoteId`. */
  readonly points?: number | null | undefined;
  /** A quote, at the price it promised; once. */
  readonly quoteId?: string | null | undefined;
};

/** How far a redemption has come. */
export type RedemptionStatus =
  /** The points are on hold until the storefront has the part paid in money. */
  | 'AWAITING_PAYMENT'
  /** Taken back; the points are back. */
  | 'CANCELLED'
  /** The channel is being asked to take it back. */
  | 'CANCELLING'
  /** Given; the points are spent. */
  | 'FULFILLED'
  /** The points are on hold; the channel is being asked. */
  | 'HELD'
  /** The channel refused, nobody paid the money, or it was called off; the points are back. */
  | 'RELEASED'
  /** A risk rule holds it (`hold`): the points are on hold, and the channel is asked when that is over. */
  | 'UNDER_REVIEW'
  /** The channel could not say; it is asked again until it can. */
  | 'UNKNOWN';

/** How far it is with somebody who was brought. */
export type ReferralState =
  /** An operator has to look at it. */
  | 'HELD'
  /** The order came back whole, and the points with it. */
  | 'LOST'
  /** The order was confirmed: it gives what its limits leave. */
  | 'QUALIFIED'
  /** An operator decided against it: it gives nothing. */
  | 'REFUSED'
  /** The first confirmed order is still to come. */
  | 'WAITING';

/** Everything that can be refused. `refusalCodes` lists them in words. */
export type RefusalCode =
  /** This adjustment was decided already. */
  | 'ADJUSTMENT_DECIDED'
  /** There is no such adjustment. */
  | 'ADJUSTMENT_NOT_FOUND'
  /** This day is checked in for already. */
  | 'ALREADY_CHECKED_IN'
  /** The number of points must be whole and above zero. */
  | 'AMOUNT_NOT_POSITIVE'
  /** That is more points than there can be. */
  | 'AMOUNT_TOO_LARGE'
  /** The wallet cannot hold that many points. */
  | 'BALANCE_TOO_LARGE'
  /** This was done as often as it earns points. */
  | 'BEHAVIOUR_LIMIT_REACHED'
  /** This behaviour earns nothing at present. */
  | 'BEHAVIOUR_NOT_ACTIVE'
  /** There is no such behaviour. */
  | 'BEHAVIOUR_NOT_FOUND'
  /** This has earned as many points as it can. */
  | 'BEHAVIOUR_POINTS_REACHED'
  /** This was done in a period that is closed. */
  | 'BEHAVIOUR_TOO_LATE'
  /** That is too few points to pay with. */
  | 'CHECKOUT_TOO_FEW'
  /** That is more points than this order takes. */
  | 'CHECKOUT_TOO_MANY'
  /** A later day is checked in for already. */
  | 'CHECK_IN_OUT_OF_ORDER'
  /** The time to claim these points is over. */
  | 'CLAIM_TOO_LATE'
  /** This coupon has expired. */
  | 'COUPON_EXPIRED'
  /** This card is activated by the member, not used for an order. */
  | 'COUPON_IS_CARD'
  /** This coupon is used for an order; there is nothing to activate. */
  | 'COUPON_NOT_A_CARD'
  /** There is no coupon with this code. */
  | 'COUPON_NOT_FOUND'
  /** This coupon was not used for this order. */
  | 'COUPON_NOT_USED'
  /** This coupon has already been used. */
  | 'COUPON_USED'
  /** This coupon was cancelled. */
  | 'COUPON_VOID'
  /** This currency is not the one of the programme. */
  | 'CURRENCY_NOT_SUPPORTED'
  /** This is not a day that was missed. */
  | 'DAY_NOT_MISSED'
  /** This coupon is for a delivery fee, and the order has none. */
  | 'DELIVERY_FEE_NEEDED'
  /** This message was not given up. */
  | 'DELIVERY_NOT_DEAD'
  /** There is no such message on its way. */
  | 'DELIVERY_NOT_FOUND'
  /** This was never paused. */
  | 'EARNING_NOT_PAUSED'
  /** Earning is paused. This is kept, and counts later. */
  | 'EARNING_PAUSED'
  /** Something of this member is still under way. Ask again once it is done. */
  | 'ERASURE_BLOCKED'
  /** This is dated in the future. */
  | 'EVENT_IN_FUTURE'
  /** This waits with what it is about until earning goes on. */
  | 'EVENT_KEPT'
  /** This happened too long ago. */
  | 'EVENT_TOO_OLD'
  /** There are no frozen points of this name. */
  | 'FREEZE_NOT_FOUND'
  /** There is no such game. */
  | 'GAME_NOT_FOUND'
  /** This game cannot be played in your region. */
  | 'GAME_NOT_IN_REGION'
  /** A play is final. */
  | 'GAME_PLAY_FINAL'
  /** There is no such play. */
  | 'GAME_PLAY_NOT_FOUND'
  /** There is nothing left to win. */
  | 'GAME_PRIZES_GONE'
  /** Another round has begun. Look at it, and play again. */
  | 'GAME_ROUND_ENDED'
  /** These goods were cancelled. */
  | 'GOODS_CANCELLED'
  /** This could not be given. */
  | 'GOODS_FAILED'
  /** This has been given already. */
  | 'GOODS_GIVEN'
  /** There are no such goods. */
  | 'GOODS_NOT_FOUND'
  /** These goods cannot be given back. */
  | 'GOODS_NOT_RETURNABLE'
  /** These goods are ordered and nobody has picked them yet. */
  | 'GOODS_ORDERED'
  /** These goods are being picked. */
  | 'GOODS_PICKING'
  /** This is no offer of codes from a pool. */
  | 'GOODS_POOL_NOT_FOUND'
  /** These goods have been received. */
  | 'GOODS_RECEIVED'
  /** The return of these goods has been accepted. */
  | 'GOODS_RETURNED'
  /** The return of these goods has been declined. */
  | 'GOODS_RETURN_DECLINED'
  /** A return of these goods has been asked for. */
  | 'GOODS_RETURN_REQUESTED'
  /** The time for giving these goods back is over. */
  | 'GOODS_RETURN_TOO_LATE'
  /** These goods are on their way. */
  | 'GOODS_SENT'
  /** There is no code left. */
  | 'GOODS_SOLD_OUT'
  /** This top-up is still being done. */
  | 'GOODS_WAITING'
  /** There are no points on hold for this. */
  | 'HOLD_NOT_FOUND'
  /** The same request was made before with other content. */
  | 'IDEMPOTENCY_MISMATCH'
  /** There is no such case of linked identities. */
  | 'IDENTITY_CASE_NOT_FOUND'
  /** No more identities of this kind can be linked. */
  | 'IDENTITY_LIMIT'
  /** This identity is linked to another member. */
  | 'IDENTITY_TAKEN'
  /** There are not enough points. */
  | 'INSUFFICIENT_POINTS'
  /** Something in the request is not right. */
  | 'INVALID_INPUT'
  /** There is no such job. */
  | 'JOB_NOT_FOUND'
  /** The limit for this offer is reached. */
  | 'LIMIT_REACHED'
  /** There are no points to claim. */
  | 'LOT_NOT_CLAIMABLE'
  /** There are no such points. */
  | 'LOT_NOT_FOUND'
  /** These points are not pending. */
  | 'LOT_NOT_PENDING'
  /** Missed days cannot be made up for. */
  | 'MAKE_UP_NOT_OFFERED'
  /** This day is too long ago to make up for it. */
  | 'MAKE_UP_TOO_LATE'
  /** The membership has run out. Renew it to go on. */
  | 'MEMBERSHIP_LAPSED'
  /** Memberships of this programme do not run out. */
  | 'MEMBERSHIP_OFF'
  /** This member is registered with other details. */
  | 'MEMBER_EXISTS'
  /** This member was merged with another. Name it by the id that it goes by. */
  | 'MEMBER_MERGED'
  /** There is no such member. */
  | 'MEMBER_NOT_FOUND'
  /** One of the two is being merged right now. Try again in a moment. */
  | 'MERGE_RUNNING'
  /** These are one member already. */
  | 'MERGE_WITH_SELF'
  /** None of these points can last longer: they have run out, or they never do. */
  | 'NOTHING_TO_EXTEND'
  /** There is no make-up card left this month. */
  | 'NO_MAKE_UP_CARD'
  /** Somebody else has changed the offer in the meantime. Look at it again. */
  | 'OFFER_CONFLICT'
  /** There is an offer with this id. */
  | 'OFFER_EXISTS'
  /** This offer is not for this member. */
  | 'OFFER_NOT_FOR_YOU'
  /** There is no such offer. */
  | 'OFFER_NOT_FOUND'
  /** This offer is not open now. */
  | 'OFFER_NOT_OPEN'
  /** The order does not reach the amount that this coupon needs. */
  | 'ORDER_BELOW_THRESHOLD'
  /** This order was cancelled. */
  | 'ORDER_CANCELLED'
  /** Points pay for this order already. */
  | 'ORDER_HAS_PAYMENT'
  /** The order has no such line. */
  | 'ORDER_LINE_NOT_FOUND'
  /** There is no such order. */
  | 'ORDER_NOT_FOUND'
  /** This order is larger than can be counted. */
  | 'ORDER_TOO_LARGE'
  /** It is not known whether this was done. Send the same again: it counts once. */
  | 'OUTCOME_UNKNOWN'
  /** This offer is sold out. */
  | 'OUT_OF_STOCK'
  /** This was given back. */
  | 'PARTNER_CANCELLED'
  /** Somebody else has changed the partner in the meantime. Look at it again. */
  | 'PARTNER_CONFLICT'
  /** There is a partner with this id. */
  | 'PARTNER_EXISTS'
  /** The server does not send requests to this address. */
  | 'PARTNER_HOST_NOT_ALLOWED'
  /** The partner does not take it back. */
  | 'PARTNER_KEEPS'
  /** This partner gives nothing at present. */
  | 'PARTNER_NOT_ACTIVE'
  /** There is no such partner. */
  | 'PARTNER_NOT_FOUND'
  /** This cannot be given back. */
  | 'PARTNER_NOT_RETURNABLE'
  /** No partner’s API was asked for this. */
  | 'PARTNER_ORDER_NOT_FOUND'
  /** What became of this order is known already. */
  | 'PARTNER_ORDER_SETTLED'
  /** This is not to be had at present. */
  | 'PARTNER_OUT_OF_FUNDS'
  /** The partner is still being asked. */
  | 'PARTNER_PENDING'
  /** This is no offer of a partner’s codes from a pool. */
  | 'PARTNER_POOL_NOT_FOUND'
  /** The partner did not give it. */
  | 'PARTNER_REFUSED'
  /** There is no code left. */
  | 'PARTNER_SOLD_OUT'
  /** This is not the amount that is to be paid. */
  | 'PAYMENT_AMOUNT_WRONG'
  /** The points of this order are spent. */
  | 'PAYMENT_CAPTURED'
  /** The points of this order are not spent. */
  | 'PAYMENT_NOT_CAPTURED'
  /** Nothing is to be paid in money for this. */
  | 'PAYMENT_NOT_DUE'
  /** No points pay for this order. */
  | 'PAYMENT_NOT_FOUND'
  /** The points of this order are back already. */
  | 'PAYMENT_RELEASED'
  /** The money did not come in time. The points are back. */
  | 'PAYMENT_TOO_LATE'
  /** There is no such playbook. */
  | 'PLAYBOOK_NOT_FOUND'
  /** This could not be processed. The operator has been told. */
  | 'PLUGIN_FAILED'
  /** The value of a point is not due to change like this. */
  | 'POINT_VALUE_NOT_DUE'
  /** Somebody else has changed the policy in the meantime. Look at it again. */
  | 'POLICY_CONFLICT'
  /** This price is no longer held. Ask for a new one. */
  | 'QUOTE_EXPIRED'
  /** There is no such quote. */
  | 'QUOTE_NOT_FOUND'
  /** These points cannot be given to this receiver. */
  | 'RECEIVER_UNAVAILABLE'
  /** This redemption cannot be cancelled. */
  | 'REDEMPTION_NOT_CANCELLABLE'
  /** There is no such redemption. */
  | 'REDEMPTION_NOT_FOUND'
  /** Only a completed redemption can be cancelled. */
  | 'REDEMPTION_NOT_FULFILLED'
  /** No rule holds this redemption. */
  | 'REDEMPTION_NOT_UNDER_REVIEW'
  /** Another code was accepted before. */
  | 'REFERRAL_ALREADY_ACCEPTED'
  /** Something changed meanwhile. Please try again. */
  | 'REFERRAL_CHANGED'
  /** There is no such code. */
  | 'REFERRAL_CODE_NOT_FOUND'
  /** This referral gives no points. */
  | 'REFERRAL_ENDED'
  /** So many friends have given points already. */
  | 'REFERRAL_LIMIT_REACHED'
  /** This member was brought by the one who would accept. */
  | 'REFERRAL_LOOP'
  /** Codes are for new members. */
  | 'REFERRAL_MEMBER_NOT_NEW'
  /** This referral does not wait for a decision. */
  | 'REFERRAL_NOT_HELD'
  /** Nobody can bring themselves. */
  | 'REFERRAL_OWN_CODE'
  /** Both use the same device. */
  | 'REFERRAL_SAME_DEVICE'
  /** Both pay with the same means. */
  | 'REFERRAL_SAME_PAYMENT'
  /** Staff take no part in this. */
  | 'REFERRAL_STAFF'
  /** No money is to be paid back for this. */
  | 'REFUND_NOT_DUE'
  /** More is returned than was bought and not yet returned. */
  | 'RETURN_EXCEEDS_PURCHASE'
  /** More came back than points paid for. */
  | 'RETURN_TOO_LARGE'
  /** The order has no such line. */
  | 'REVIEW_LINE_NOT_FOUND'
  /** All of this line was returned. */
  | 'REVIEW_LINE_RETURNED'
  /** No review of this line earned points. */
  | 'REVIEW_NOT_FOUND'
  /** This order was cancelled. */
  | 'REVIEW_ORDER_CANCELLED'
  /** Reviews of this order earn points once it is confirmed. */
  | 'REVIEW_ORDER_NOT_CONFIRMED'
  /** This member has no such order. */
  | 'REVIEW_ORDER_NOT_FOUND'
  /** The review is too short to earn points. */
  | 'REVIEW_TOO_SHORT'
  /** The points of this review were taken back already. */
  | 'REVIEW_WITHDRAWN'
  /** This life has already been used. */
  | 'REVIVE_USED'
  /** This has to be looked into first, and cannot wait here. */
  | 'RISK_HELD'
  /** This was not allowed after a check. */
  | 'RISK_REFUSED'
  /** Somebody other than who asked for it must approve. */
  | 'SECOND_OPERATOR_NEEDED'
  /** Stakes are no longer taken. */
  | 'STAKE_CLOSED'
  /** Stakes are still being taken. */
  | 'STAKE_NOT_CLOSED'
  /** There is no such round. */
  | 'STAKE_NOT_FOUND'
  /** The round has no such outcome. */
  | 'STAKE_OUTCOME_UNKNOWN'
  /** The round is settled, and its points are being paid. */
  | 'STAKE_SETTLED'
  /** The round was voided, and its stakes come back. */
  | 'STAKE_VOIDED'
  /** This redemption is rated, and that can no longer be changed. */
  | 'SURVEY_ANSWERED'
  /** This redemption cannot be rated now. */
  | 'SURVEY_NOT_OPEN'
  /** Points cannot be given to others. */
  | 'TRANSFERS_OFF'
  /** The limit for giving points is reached. */
  | 'TRANSFER_LIMIT'
  /** This member cannot give points yet. */
  | 'TRANSFER_NOT_ALLOWED'
  /** That is too many points to give at once. */
  | 'TRANSFER_TOO_LARGE'
  /** That is too few points to give. */
  | 'TRANSFER_TOO_SMALL'
  /** Points cannot be given to oneself. */
  | 'TRANSFER_TO_SELF'
  /** Too much is going on just now. Try again in a moment. */
  | 'TRY_AGAIN_LATER'
  /** Please confirm first that it is you. */
  | 'VERIFICATION_REQUIRED'
  /** This wallet was closed for good. */
  | 'WALLET_ENDED'
  /** This member was merged with another just now. Send it again. */
  | 'WALLET_MERGED'
  /** There is no such wallet. */
  | 'WALLET_NOT_FOUND';

/** A new member. The same again is the same member. */
export type RegisterMemberInput = {
  /** Month and day only. */
  readonly birthday?: BirthdayInput | null | undefined;
  /** Consent to messages, whole. */
  readonly consent?: ReadonlyArray<ConsentInput> | null | undefined;
  /** The shop’s own id: up to 64 visible ASCII characters. */
  readonly id: string;
  /** All that is linked. */
  readonly identities?: ReadonlyArray<IdentityInput> | null | undefined;
  /** Since when; default: now. */
  readonly joinedAt?: string | null | undefined;
  /** Where: an operator’s word. */
  readonly region?: string | null | undefined;
  /** Whether the member is staff. */
  readonly staff?: boolean | null | undefined;
};

/** What points paid of goods that came back. */
export type ReturnPointsPaymentInput = {
  /** What of `pays` was for these goods. */
  readonly amount: string;
  /** The order. */
  readonly orderId: string;
  /** The same return again is the same. Up to 100 characters. */
  readonly returnId: string;
};

/** A part of an order that came back. */
export type ReturnPurchaseInput = {
  /** When it came back. */
  readonly at?: string | null | undefined;
  /** What came back, 1 to 1,000 lines. */
  readonly lines: ReadonlyArray<ReturnedLineInput>;
  /** The order. */
  readonly orderId: string;
  /** Names the return within its order: sent again, it counts once. */
  readonly returnId: string;
};

/** Goods of a line that came back. */
export type ReturnedLineInput = {
  /** The line, by its id in the order. */
  readonly line: string;
  /** How many pieces, at least 1. */
  readonly quantity: number;
};

/** Where goods are in their life. */
export type ShipmentStatus =
  /** Taken back. */
  | 'CANCELLED'
  /** A top-up that could not be done: the points go back. */
  | 'FAILED'
  /** A top-up, a code or a product of the programme’s own that was given. */
  | 'GIVEN'
  /** To be picked. */
  | 'ORDERED'
  /** Somebody takes them off the shelf. */
  | 'PICKING'
  /** The member has them, or counts as having them by now. */
  | 'RECEIVED'
  /** The return was accepted: the redemption can be cancelled. */
  | 'RETURNED'
  /** The return was declined; the goods say why. The member keeps them. */
  | 'RETURN_DECLINED'
  /** The member wants to send them back. */
  | 'RETURN_REQUESTED'
  /** On their way. */
  | 'SENT'
  /** A top-up that is still to be done. */
  | 'WAITING';

/** Where a round of stakes is. */
export type StakeStatus =
  /** No more stakes are taken; the outcome is not said yet. */
  | 'CLOSED'
  /** Stakes are taken. */
  | 'OPEN'
  /** The outcome is said, and winners are paid. */
  | 'SETTLED'
  /** Stakes come back. */
  | 'VOIDED';

/** What a transaction did. */
export type TransactionType =
  /** An operator credited or debited points. */
  | 'ADJUST'
  /** Reserved points were spent. */
  | 'CAPTURE'
  /** The member claimed points. */
  | 'CLAIM'
  /** Points of returned goods were taken back. */
  | 'CLAWBACK'
  /** Pending points became available, or claimable. */
  | 'CONFIRM'
  /** Points ran out. */
  | 'EXPIRE'
  /** Points last longer, or got the end that a new policy gives them. */
  | 'EXTEND'
  /** Points were frozen. */
  | 'FREEZE'
  /** Points were credited by an earn source. */
  | 'GRANT'
  /** Points were reserved for a redemption. */
  | 'HOLD'
  /** All points went to the wallet of the same person, or came from there. */
  | 'MERGE'
  /** Something was recorded that moved no points. */
  | 'NOTE'
  /** A balance that was kept elsewhere was brought along. */
  | 'OPENING'
  /** Spent points came back to their lots. */
  | 'REFUND'
  /** Reserved points were set free again. */
  | 'RELEASE'
  /** Frozen points became usable again. */
  | 'THAW'
  /** Points went to another member, came from one, or came back. */
  | 'TRANSFER'
  /** Pending or claimable points were cancelled. */
  | 'VOID';

/** Points that a member gives to another. */
export type TransferPointsInput = {
  /** The same key again is the same transfer. Up to 100 characters. */
  readonly idempotencyKey: string;
  /** Who gives; a member may leave it out. */
  readonly memberId?: string | null | undefined;
  /** How many available points. */
  readonly points: number;
  /** Who receives: the shop’s own id. */
  readonly to: string;
};

/** How far a transfer has come. */
export type TransferStatus =
  /** The receiver has them. */
  | 'RECEIVED'
  /** The receiver could not take them; the giver has them back. */
  | 'RETURNED'
  /** The points have left the giver and have not arrived yet. */
  | 'SENT';

/** A coupon and the order that wants to use it. */
export type UseCouponInput = {
  /** The code as the member typed it. */
  readonly code: string;
  /** What its delivery costs before the discount, beside that. Needed for a coupon for delivery; others do not look at it. */
  readonly deliveryFee?: string | null | undefined;
  /** What the order comes to before the discount. */
  readonly orderAmount: string;
  /** The order. The same order again gets the same answer. */
  readonly orderId: string;
};

/** A life, and the game that uses it. */
export type UseReviveInput = {
  /** The redemption that gave it. */
  readonly redemptionId: string;
  /** The game that goes on: the same one again gets the same answer, another none. */
  readonly sessionId: string;
};

export type EarnPreviewQueryVariables = Exact<{
  input: RecordPurchaseInput;
}>;


export type EarnPreviewQuery = { readonly earnPreview:
    | (
      { readonly points: number, readonly pending: boolean, readonly confirmAt: string | null, readonly expiresAt: string | null, readonly recorded: boolean, readonly explanation: ReadonlyArray<{ readonly step: string, readonly title: string, readonly points: string }> }
      & { readonly __typename: 'EarnPreview' }
    )
    | (
      RefusedFragment
      & { readonly __typename: 'Refusal' }
    )
   };

export type PointsAtCheckoutQueryVariables = Exact<{
  orderAmount: string;
  memberId?: string | null | undefined;
}>;


export type PointsAtCheckoutQuery = { readonly pointsAtCheckout:
    | (
      { readonly usable: number, readonly worth: string, readonly points: number, readonly pays: string, readonly leastPoints: number }
      & { readonly __typename: 'PointsAtCheckout' }
    )
    | (
      RefusedFragment
      & { readonly __typename: 'Refusal' }
    )
   };

export type PayWithPointsMutationVariables = Exact<{
  input: PayWithPointsInput;
}>;


export type PayWithPointsMutation = { readonly payWithPoints:
    | (
      PaidFragment
      & { readonly __typename: 'PointsPayment' }
    )
    | (
      RefusedFragment
      & { readonly __typename: 'Refusal' }
    )
   };

export type CapturePointsPaymentMutationVariables = Exact<{
  orderId: string;
}>;


export type CapturePointsPaymentMutation = { readonly capturePointsPayment:
    | (
      PaidFragment
      & { readonly __typename: 'PointsPayment' }
    )
    | (
      RefusedFragment
      & { readonly __typename: 'Refusal' }
    )
   };

export type ReleasePointsPaymentMutationVariables = Exact<{
  orderId: string;
}>;


export type ReleasePointsPaymentMutation = { readonly releasePointsPayment:
    | (
      PaidFragment
      & { readonly __typename: 'PointsPayment' }
    )
    | (
      RefusedFragment
      & { readonly __typename: 'Refusal' }
    )
   };

export type ReturnPointsPaymentMutationVariables = Exact<{
  input: ReturnPointsPaymentInput;
}>;


export type ReturnPointsPaymentMutation = { readonly returnPointsPayment:
    | (
      PaidFragment
      & { readonly __typename: 'PointsPayment' }
    )
    | (
      RefusedFragment
      & { readonly __typename: 'Refusal' }
    )
   };

export type UseCouponMutationVariables = Exact<{
  input: UseCouponInput;
}>;


export type UseCouponMutation = { readonly useCoupon:
    | (
      { readonly discount: string, readonly coupon: { readonly code: string, readonly title: string, readonly status: CouponStatus } }
      & { readonly __typename: 'CouponUsed' }
    )
    | (
      RefusedFragment
      & { readonly __typename: 'Refusal' }
    )
   };

export type ConfirmPaymentMutationVariables = Exact<{
  input: ConfirmPaymentInput;
}>;


export type ConfirmPaymentMutation = { readonly confirmPayment:
    | (
      RedeemedFragment
      & { readonly __typename: 'Redemption' }
    )
    | (
      RefusedFragment
      & { readonly __typename: 'Refusal' }
    )
   };

export type PointsPaymentQueryVariables = Exact<{
  orderId: string;
}>;


export type PointsPaymentQuery = { readonly pointsPayment: PaidFragment | null };

export type RefusedFragment = (
  { readonly code: RefusalCode, readonly message: string, readonly detail: string | null, readonly field: string | null, readonly available: number | null, readonly needed: number | null, readonly limit: number | null, readonly availableAmount: string | null, readonly neededAmount: string | null, readonly when: string | null }
  & { readonly __typename: 'Refusal' }
);

export type HoldingFragment = { readonly available: number, readonly pending: number, readonly claimable: number, readonly held: number, readonly frozen: number, readonly debt: number };

export type LineFragment = { readonly id: string, readonly version: string, readonly type: TransactionType, readonly reason: string, readonly title: string, readonly points: number, readonly recordedAt: string, readonly effectiveAt: string, readonly explanation: ReadonlyArray<{ readonly step: string, readonly title: string, readonly points: string }> };

export type PriceFragment = { readonly id: string, readonly channel: string, readonly title: string, readonly description: string | null, readonly pictureUrl: string | null, readonly price: number, readonly expiringDiscount: boolean, readonly cashValue: string, readonly pointsAndCash: { readonly leastPoints: number, readonly mostPoints: number, readonly cashAtLeast: string, readonly cashAtMost: string } | null, readonly stock: { readonly left: number | null, readonly leftToday: number | null }, readonly limitPerMember: { readonly count: number, readonly period: Period } | null, readonly window: { readonly from: string | null, readonly until: string | null } };

export type RedeemedFragment = (
  { readonly id: string, readonly status: RedemptionStatus, readonly memberId: string, readonly points: number, readonly award: number | null, readonly receipt: unknown, readonly createdAt: string, readonly settledAt: string | null, readonly cash: { readonly amount: string, readonly payBy: string | null, readonly paidAt: string | null, readonly refundDue: boolean } | null, readonly refusal: RefusedFragment | null, readonly offer: { readonly id: string, readonly title: string, readonly channel: string } }
  & { readonly __typename: 'Redemption' }
);

export type PaidFragment = (
  { readonly orderId: string, readonly memberId: string, readonly status: PointsPaymentStatus, readonly points: number, readonly pays: string, readonly orderAmount: string, readonly releasesAt: string | null, readonly returnedPoints: number, readonly returnedAmount: string, readonly settledAt: string | null }
  & { readonly __typename: 'PointsPayment' }
);

export type PageFragment = { readonly endCursor: string | null, readonly hasNextPage: boolean };

export type GameQueryVariables = Exact<{
  offerId: string;
}>;


export type GameQuery = { readonly game: { readonly offerId: string, readonly type: GameType, readonly title: string, readonly closedIn: ReadonlyArray<string>, readonly rake: string | null, readonly odds: ReadonlyArray<{ readonly id: string, readonly title: string, readonly points: number | null, readonly chance: string, readonly exactChance: string, readonly left: number | null }> } | null };

export type GameFairnessQueryVariables = Exact<{
  offerId: string;
}>;


export type GameFairnessQuery = { readonly gameFairness: { readonly offerId: string, readonly round: number, readonly commitment: string, readonly openedAt: string, readonly plays: number, readonly previous: { readonly round: number, readonly commitment: string, readonly serverSeed: string, readonly openedAt: string, readonly revealedAt: string, readonly plays: number } | null } | null };

export type GamePlaysQueryVariables = Exact<{
  memberId?: string | null | undefined;
  first?: number;
  after?: string | null | undefined;
}>;


export type GamePlaysQuery = { readonly gamePlays: { readonly nodes: ReadonlyArray<PlayFragment>, readonly pageInfo: PageFragment } };

export type PlayGameMutationVariables = Exact<{
  input: PlayGameInput;
}>;


export type PlayGameMutation = { readonly playGame:
    | (
      PlayedFragment
      & { readonly __typename: 'GamePlayed' }
    )
    | (
      RefusedFragment
      & { readonly __typename: 'Refusal' }
    )
   };

export type JoinStakeMutationVariables = Exact<{
  input: JoinStakeInput;
}>;


export type JoinStakeMutation = { readonly joinStake:
    | (
      PlayedFragment
      & { readonly __typename: 'GamePlayed' }
    )
    | (
      RefusedFragment
      & { readonly __typename: 'Refusal' }
    )
   };

export type UseReviveMutationVariables = Exact<{
  input: UseReviveInput;
}>;


export type UseReviveMutation = { readonly useRevive:
    | (
      RefusedFragment
      & { readonly __typename: 'Refusal' }
    )
    | (
      { readonly play: PlayFragment }
      & { readonly __typename: 'ReviveUsed' }
    )
   };

export type StakeRoundsQueryVariables = Exact<{
  offerId: string;
  first?: number;
  after?: string | null | undefined;
}>;


export type StakeRoundsQuery = { readonly stakeRounds: { readonly nodes: ReadonlyArray<RoundFragment>, readonly pageInfo: PageFragment } };

export type StakeRoundQueryVariables = Exact<{
  id: string;
}>;


export type StakeRoundQuery = { readonly stakeRound: RoundFragment | null };

export type PlayFragment = { readonly id: string, readonly offerId: string, readonly type: GameType, readonly at: string, readonly spent: number, readonly pick: string | null, readonly result: string | null, readonly round: number | null, readonly nonce: number | null, readonly commitment: string | null, readonly usedAt: string | null, readonly prize: { readonly id: string | null, readonly title: string | null, readonly points: number | null, readonly handedAt: string | null } | null, readonly stake: { readonly roundId: string, readonly outcome: string, readonly payout: number | null, readonly paidAt: string | null } | null };

export type PlayedFragment = { readonly redemptionId: string, readonly spent: number, readonly play: PlayFragment | null };

export type RoundFragment = { readonly id: string, readonly offerId: string, readonly title: string, readonly status: StakeStatus, readonly pool: number, readonly stakes: number, readonly rake: string, readonly nobodyWon: NobodyWon, readonly openedAt: string, readonly closesAt: string, readonly outcome: string | null, readonly endedAt: string | null, readonly outcomes: ReadonlyArray<{ readonly id: string, readonly title: string, readonly points: number }> };

export type ShipmentsQueryVariables = Exact<{
  memberId?: string | null | undefined;
  status?: ShipmentStatus | null | undefined;
  first?: number;
  after?: string | null | undefined;
}>;


export type ShipmentsQuery = { readonly shipments: { readonly nodes: ReadonlyArray<ParcelFragment>, readonly pageInfo: PageFragment } };

export type ShipmentQueryVariables = Exact<{
  redemptionId: string;
}>;


export type ShipmentQuery = { readonly shipment: ParcelFragment | null };

export type ReceiveGoodsMutationVariables = Exact<{
  redemptionIds: ReadonlyArray<string> | string;
  reason?: string | null | undefined;
}>;


export type ReceiveGoodsMutation = { readonly receiveGoods: ReadonlyArray<
    | (
      { readonly shipment: ParcelFragment }
      & { readonly __typename: 'GoodsMoved' }
    )
    | (
      RefusedFragment
      & { readonly __typename: 'Refusal' }
    )
  > };

export type RequestGoodsReturnMutationVariables = Exact<{
  redemptionId: string;
}>;


export type RequestGoodsReturnMutation = { readonly requestGoodsReturn:
    | (
      { readonly shipment: ParcelFragment }
      & { readonly __typename: 'GoodsMoved' }
    )
    | (
      RefusedFragment
      & { readonly __typename: 'Refusal' }
    )
   };

export type ParcelFragment = { readonly redemptionId: string, readonly offerId: string, readonly kind: GoodsKind, readonly title: string, readonly status: ShipmentStatus, readonly statusTitle: string, readonly account: string | null, readonly carrier: string | null, readonly trackingNumber: string | null, readonly orderedAt: string, readonly sentAt: string | null, readonly arrivesBy: string | null, readonly receivedAt: string | null, readonly returnUntil: string | null, readonly returnRequestedAt: string | null, readonly returnDeclinedBecause: string | null, readonly endedAt: string | null };

export type MyMembershipQueryVariables = Exact<{ [key: string]: never; }>;


export type MyMembershipQuery = { readonly me: MemberMembershipFragment | null };

export type MembershipOfQueryVariables = Exact<{
  memberId: string;
}>;


export type MembershipOfQuery = { readonly member: MemberMembershipFragment | null };

export type MemberMembershipFragment = { readonly id: string, readonly joinedAt: string, readonly qualifyingSpend: string, readonly tier: { readonly id: string, readonly title: string, readonly earnMultiplier: string, readonly priceFactor: string }, readonly tierProgress: { readonly missing: string | null, readonly until: string | null, readonly next: { readonly id: string, readonly title: string, readonly threshold: string } | null }, readonly membership: { readonly lapsed: boolean, readonly until: string | null }, readonly badges: ReadonlyArray<{ readonly id: string, readonly title: string, readonly description: string | null, readonly done: string, readonly needed: string, readonly earnedAt: string | null }> };

export type TasksQueryVariables = Exact<{
  memberId?: string | null | undefined;
}>;


export type TasksQuery = { readonly tasks: ReadonlyArray<{ readonly id: string, readonly source: string, readonly title: string, readonly beginner: boolean, readonly done: boolean, readonly againAt: string | null, readonly points: number | null, readonly pointsLeft: number | null, readonly ordersLeft: number | null, readonly rate: string | null, readonly streak: number | null, readonly progress: { readonly done: number, readonly of: number } | null }> | null };

export type CheckInMutationVariables = Exact<{
  memberId?: string | null | undefined;
}>;


export type CheckInMutation = { readonly checkIn:
    | (
      { readonly date: string, readonly points: number, readonly streak: number, readonly cardsLeft: number, readonly replayed: boolean }
      & { readonly __typename: 'CheckedIn' }
    )
    | (
      RefusedFragment
      & { readonly __typename: 'Refusal' }
    )
   };

export type MyMessagesQueryVariables = Exact<{
  first?: number;
  after?: string | null | undefined;
}>;


export type MyMessagesQuery = { readonly me: { readonly messages: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly kind: string, readonly title: string, readonly body: string, readonly writtenAt: string }>, readonly pageInfo: PageFragment } | null } | null };

export type RegisterMemberMutationVariables = Exact<{
  input: RegisterMemberInput;
}>;


export type RegisterMemberMutation = { readonly registerMember:
    | (
      { readonly member: { readonly id: string, readonly joinedAt: string } }
      & { readonly __typename: 'MemberRegistered' }
    )
    | (
      RefusedFragment
      & { readonly __typename: 'Refusal' }
    )
   };

export type RecordPurchaseMutationVariables = Exact<{
  input: RecordPurchaseInput;
}>;


export type RecordPurchaseMutation = { readonly recordPurchase:
    | (
      { readonly points: number, readonly replayed: boolean }
      & { readonly __typename: 'PurchaseRecorded' }
    )
    | (
      RefusedFragment
      & { readonly __typename: 'Refusal' }
    )
   };

export type ConfirmPurchaseMutationVariables = Exact<{
  orderId: string;
  confirmedAt?: string | null | undefined;
}>;


export type ConfirmPurchaseMutation = { readonly confirmPurchase:
    | (
      { readonly points: number, readonly replayed: boolean }
      & { readonly __typename: 'PurchaseConfirmed' }
    )
    | (
      RefusedFragment
      & { readonly __typename: 'Refusal' }
    )
   };

export type ReturnPurchaseMutationVariables = Exact<{
  input: ReturnPurchaseInput;
}>;


export type ReturnPurchaseMutation = { readonly returnPurchase:
    | (
      { readonly points: number, readonly replayed: boolean }
      & { readonly __typename: 'PurchaseReturned' }
    )
    | (
      RefusedFragment
      & { readonly __typename: 'Refusal' }
    )
   };

export type CancelPurchaseMutationVariables = Exact<{
  orderId: string;
}>;


export type CancelPurchaseMutation = { readonly cancelPurchase:
    | (
      { readonly points: number, readonly replayed: boolean }
      & { readonly __typename: 'PurchaseCancelled' }
    )
    | (
      RefusedFragment
      & { readonly __typename: 'Refusal' }
    )
   };

export type RecordBehaviourMutationVariables = Exact<{
  input: RecordBehaviourInput;
}>;


export type RecordBehaviourMutation = { readonly recordBehaviour:
    | (
      { readonly behaviour: string, readonly points: number, readonly left: number, readonly againAt: string | null, readonly replayed: boolean }
      & { readonly __typename: 'BehaviourRecorded' }
    )
    | (
      RefusedFragment
      & { readonly __typename: 'Refusal' }
    )
   };

export type OffersQueryVariables = Exact<{
  memberId?: string | null | undefined;
  channel?: string | null | undefined;
  first?: number;
  after?: string | null | undefined;
}>;


export type OffersQuery = { readonly offers: { readonly nodes: ReadonlyArray<PriceFragment>, readonly pageInfo: PageFragment } };

export type OfferQueryVariables = Exact<{
  id: string;
  memberId?: string | null | undefined;
}>;


export type OfferQuery = { readonly offer: (
    { readonly details: unknown }
    & PriceFragment
  ) | null };

export type QuoteMutationVariables = Exact<{
  offerId: string;
  points?: number | null | undefined;
  memberId?: string | null | undefined;
}>;


export type QuoteMutation = { readonly quote:
    | (
      { readonly id: string, readonly points: number, readonly cash: string | null, readonly expiresAt: string, readonly explanation: ReadonlyArray<{ readonly step: string, readonly title: string, readonly points: string }> }
      & { readonly __typename: 'Quote' }
    )
    | (
      RefusedFragment
      & { readonly __typename: 'Refusal' }
    )
   };

export type RedeemMutationVariables = Exact<{
  input: RedeemInput;
}>;


export type RedeemMutation = { readonly redeem:
    | (
      RedeemedFragment
      & { readonly __typename: 'Redemption' }
    )
    | (
      RefusedFragment
      & { readonly __typename: 'Refusal' }
    )
   };

export type CancelRedemptionMutationVariables = Exact<{
  id: string;
  reason?: string | null | undefined;
}>;


export type CancelRedemptionMutation = { readonly cancelRedemption:
    | (
      RedeemedFragment
      & { readonly __typename: 'Redemption' }
    )
    | (
      RefusedFragment
      & { readonly __typename: 'Refusal' }
    )
   };

export type RedemptionQueryVariables = Exact<{
  id: string;
}>;


export type RedemptionQuery = { readonly redemption: RedeemedFragment | null };

export type MyRedemptionsQueryVariables = Exact<{
  first?: number;
  after?: string | null | undefined;
}>;


export type MyRedemptionsQuery = { readonly me: MemberRedemptionsFragment | null };

export type RedemptionsOfQueryVariables = Exact<{
  memberId: string;
  first?: number;
  after?: string | null | undefined;
}>;


export type RedemptionsOfQuery = { readonly member: MemberRedemptionsFragment | null };

export type MemberRedemptionsFragment = { readonly redemptions: { readonly nodes: ReadonlyArray<RedeemedFragment>, readonly pageInfo: PageFragment } };

export type CouponsQueryVariables = Exact<{
  memberId?: string | null | undefined;
  status?: CouponStatus | null | undefined;
  first?: number;
  after?: string | null | undefined;
}>;


export type CouponsQuery = { readonly coupons: { readonly nodes: ReadonlyArray<{ readonly code: string, readonly type: CouponType, readonly title: string, readonly status: CouponStatus, readonly statusTitle: string, readonly amount: string | null, readonly threshold: string | null, readonly discount: string | null, readonly expiresAt: string, readonly usedAt: string | null }>, readonly pageInfo: PageFragment } };

export type AnswerSurveyMutationVariables = Exact<{
  input: AnswerSurveyInput;
}>;


export type AnswerSurveyMutation = { readonly answerSurvey:
    | (
      RefusedFragment
      & { readonly __typename: 'Refusal' }
    )
    | (
      { readonly redemptionId: string, readonly score: number, readonly comment: string | null }
      & { readonly __typename: 'SurveyAnswer' }
    )
   };

export type ReferralQueryVariables = Exact<{
  memberId?: string | null | undefined;
  first?: number;
  before?: string | null | undefined;
}>;


export type ReferralQuery = { readonly referral: { readonly code: string | null, readonly accepted: ReferralState | null, readonly friends: ReadonlyArray<{ readonly friendId: string | null, readonly acceptedAt: string, readonly state: ReferralState, readonly points: number }> } | null };

export type CreateReferralCodeMutationVariables = Exact<{
  input: CreateReferralCodeInput;
}>;


export type CreateReferralCodeMutation = { readonly createReferralCode:
    | (
      { readonly referralCode: string }
      & { readonly __typename: 'ReferralCodeCreated' }
    )
    | (
      RefusedFragment
      & { readonly __typename: 'Refusal' }
    )
   };

export type AcceptReferralMutationVariables = Exact<{
  input: AcceptReferralInput;
}>;


export type AcceptReferralMutation = { readonly acceptReferral:
    | (
      { readonly heldBecause: ReadonlyArray<string>, readonly replayed: boolean }
      & { readonly __typename: 'ReferralAccepted' }
    )
    | (
      RefusedFragment
      & { readonly __typename: 'Refusal' }
    )
   };

export type TransferPointsMutationVariables = Exact<{
  input: TransferPointsInput;
}>;


export type TransferPointsMutation = { readonly transferPoints:
    | (
      RefusedFragment
      & { readonly __typename: 'Refusal' }
    )
    | (
      GivenFragment
      & { readonly __typename: 'Transfer' }
    )
   };

export type TransferQueryVariables = Exact<{
  id: string;
}>;


export type TransferQuery = { readonly transfer: GivenFragment | null };

export type MyTransfersQueryVariables = Exact<{
  first?: number;
  after?: string | null | undefined;
}>;


export type MyTransfersQuery = { readonly me: MemberTransfersFragment | null };

export type TransfersOfQueryVariables = Exact<{
  memberId: string;
  first?: number;
  after?: string | null | undefined;
}>;


export type TransfersOfQuery = { readonly member: MemberTransfersFragment | null };

export type MemberTransfersFragment = { readonly transfers: { readonly nodes: ReadonlyArray<GivenFragment>, readonly pageInfo: PageFragment } };

export type GivenFragment = (
  { readonly id: string, readonly status: TransferStatus, readonly from: string, readonly to: string, readonly points: number, readonly createdAt: string, readonly settledAt: string | null, readonly parts: ReadonlyArray<{ readonly kind: string, readonly points: number, readonly expiresAt: string | null }> }
  & { readonly __typename: 'Transfer' }
);

export type MyWalletQueryVariables = Exact<{
  within?: number;
}>;


export type MyWalletQuery = { readonly me: MemberWalletFragment | null };

export type WalletOfQueryVariables = Exact<{
  memberId: string;
  within?: number;
}>;


export type WalletOfQuery = { readonly member: MemberWalletFragment | null };

export type MemberWalletFragment = { readonly id: string, readonly wallet: { readonly version: string, readonly balance: (
      { readonly expiringSoon: ReadonlyArray<{ readonly at: string, readonly points: number }> }
      & HoldingFragment
    ) } };

export type MyLotsQueryVariables = Exact<{
  first?: number;
  after?: string | null | undefined;
}>;


export type MyLotsQuery = { readonly me: MemberLotsFragment | null };

export type LotsOfQueryVariables = Exact<{
  memberId: string;
  first?: number;
  after?: string | null | undefined;
}>;


export type LotsOfQuery = { readonly member: MemberLotsFragment | null };

export type MemberLotsFragment = { readonly wallet: { readonly lots: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly kind: string, readonly source: string, readonly state: LotState, readonly granted: number, readonly available: number, readonly pending: number, readonly claimable: number, readonly earnedAt: string, readonly confirmAt: string | null, readonly claimBy: string | null, readonly expiresAt: string | null }>, readonly pageInfo: PageFragment } } };

export type MyTransactionsQueryVariables = Exact<{
  first?: number;
  after?: string | null | undefined;
}>;


export type MyTransactionsQuery = { readonly me: MemberTransactionsFragment | null };

export type TransactionsOfQueryVariables = Exact<{
  memberId: string;
  first?: number;
  after?: string | null | undefined;
}>;


export type TransactionsOfQuery = { readonly member: MemberTransactionsFragment | null };

export type MemberTransactionsFragment = { readonly wallet: { readonly transactions: { readonly nodes: ReadonlyArray<(
        { readonly balance: { readonly available: number } }
        & LineFragment
      )>, readonly pageInfo: PageFragment } } };

export type BalanceChangesSubscriptionVariables = Exact<{
  memberId?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type BalanceChangesSubscription = { readonly balanceChanged: { readonly memberId: string, readonly version: string, readonly balance: HoldingFragment, readonly change: LineFragment } };

export type ClaimMutationVariables = Exact<{
  memberId?: string | null | undefined;
  lots?: ReadonlyArray<string> | string | null | undefined;
  idempotencyKey?: string | null | undefined;
}>;


export type ClaimMutation = { readonly claimPoints:
    | (
      { readonly points: number }
      & { readonly __typename: 'PointsClaimed' }
    )
    | (
      RefusedFragment
      & { readonly __typename: 'Refusal' }
    )
   };

export type MyBalanceQueryVariables = Exact<{ [key: string]: never; }>;


export type MyBalanceQuery = { readonly me: MemberBalanceFragment | null };

export type BalanceOfQueryVariables = Exact<{
  memberId: string;
}>;


export type BalanceOfQuery = { readonly member: MemberBalanceFragment | null };

export type MemberBalanceFragment = { readonly id: string, readonly wallet: { readonly version: string, readonly balance: HoldingFragment } };

export const EarnPreviewDocument = "query EarnPreview($input:RecordPurchaseInput!){earnPreview(input:$input){__typename ...on EarnPreview{points pending confirmAt expiresAt recorded explanation{step title points}}...Refused}}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}" as TypedDocument<EarnPreviewQuery, EarnPreviewQueryVariables>

export const PointsAtCheckoutDocument = "query PointsAtCheckout($orderAmount:Money!$memberId:ID){pointsAtCheckout(orderAmount:$orderAmount memberId:$memberId){__typename ...on PointsAtCheckout{usable worth points pays leastPoints}...Refused}}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}" as TypedDocument<PointsAtCheckoutQuery, PointsAtCheckoutQueryVariables>

export const PayWithPointsDocument = "mutation PayWithPoints($input:PayWithPointsInput!){payWithPoints(input:$input){__typename ...Paid ...Refused}}fragment Paid on PointsPayment{__typename orderId memberId status points pays orderAmount releasesAt returnedPoints returnedAmount settledAt}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}" as TypedDocument<PayWithPointsMutation, PayWithPointsMutationVariables>

export const CapturePointsPaymentDocument = "mutation CapturePointsPayment($orderId:ID!){capturePointsPayment(orderId:$orderId){__typename ...Paid ...Refused}}fragment Paid on PointsPayment{__typename orderId memberId status points pays orderAmount releasesAt returnedPoints returnedAmount settledAt}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}" as TypedDocument<CapturePointsPaymentMutation, CapturePointsPaymentMutationVariables>

export const ReleasePointsPaymentDocument = "mutation ReleasePointsPayment($orderId:ID!){releasePointsPayment(orderId:$orderId){__typename ...Paid ...Refused}}fragment Paid on PointsPayment{__typename orderId memberId status points pays orderAmount releasesAt returnedPoints returnedAmount settledAt}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}" as TypedDocument<ReleasePointsPaymentMutation, ReleasePointsPaymentMutationVariables>

export const ReturnPointsPaymentDocument = "mutation ReturnPointsPayment($input:ReturnPointsPaymentInput!){returnPointsPayment(input:$input){__typename ...Paid ...Refused}}fragment Paid on PointsPayment{__typename orderId memberId status points pays orderAmount releasesAt returnedPoints returnedAmount settledAt}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}" as TypedDocument<ReturnPointsPaymentMutation, ReturnPointsPaymentMutationVariables>

export const UseCouponDocument = "mutation UseCoupon($input:UseCouponInput!){useCoupon(input:$input){__typename ...on CouponUsed{discount coupon{code title status}}...Refused}}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}" as TypedDocument<UseCouponMutation, UseCouponMutationVariables>

export const ConfirmPaymentDocument = "mutation ConfirmPayment($input:ConfirmPaymentInput!){confirmPayment(input:$input){__typename ...Redeemed ...Refused}}fragment Redeemed on Redemption{__typename id status memberId points award cash{amount payBy paidAt refundDue}receipt refusal{...Refused}createdAt settledAt offer{id title channel}}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}" as TypedDocument<ConfirmPaymentMutation, ConfirmPaymentMutationVariables>

export const PointsPaymentDocument = "query PointsPayment($orderId:ID!){pointsPayment(orderId:$orderId){...Paid}}fragment Paid on PointsPayment{__typename orderId memberId status points pays orderAmount releasesAt returnedPoints returnedAmount settledAt}" as TypedDocument<PointsPaymentQuery, PointsPaymentQueryVariables>

export const GameDocument = "query Game($offerId:ID!){game(offerId:$offerId){offerId type title closedIn odds{id title points chance exactChance left}rake}}" as TypedDocument<GameQuery, GameQueryVariables>

export const GameFairnessDocument = "query GameFairness($offerId:ID!){gameFairness(offerId:$offerId){offerId round commitment openedAt plays previous{round commitment serverSeed openedAt revealedAt plays}}}" as TypedDocument<GameFairnessQuery, GameFairnessQueryVariables>

export const GamePlaysDocument = "query GamePlays($memberId:ID$first:Int!=20$after:String){gamePlays(memberId:$memberId first:$first after:$after){nodes{...Play}pageInfo{...Page}}}fragment Play on GamePlay{id offerId type at spent pick result prize{id title points handedAt}round nonce commitment usedAt stake{roundId outcome payout paidAt}}fragment Page on PageInfo{endCursor hasNextPage}" as TypedDocument<GamePlaysQuery, GamePlaysQueryVariables>

export const PlayGameDocument = "mutation PlayGame($input:PlayGameInput!){playGame(input:$input){__typename ...Played ...Refused}}fragment Played on GamePlayed{redemptionId spent play{...Play}}fragment Play on GamePlay{id offerId type at spent pick result prize{id title points handedAt}round nonce commitment usedAt stake{roundId outcome payout paidAt}}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}" as TypedDocument<PlayGameMutation, PlayGameMutationVariables>

export const JoinStakeDocument = "mutation JoinStake($input:JoinStakeInput!){joinStake(input:$input){__typename ...Played ...Refused}}fragment Played on GamePlayed{redemptionId spent play{...Play}}fragment Play on GamePlay{id offerId type at spent pick result prize{id title points handedAt}round nonce commitment usedAt stake{roundId outcome payout paidAt}}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}" as TypedDocument<JoinStakeMutation, JoinStakeMutationVariables>

export const UseReviveDocument = "mutation UseRevive($input:UseReviveInput!){useRevive(input:$input){__typename ...on ReviveUsed{play{...Play}}...Refused}}fragment Play on GamePlay{id offerId type at spent pick result prize{id title points handedAt}round nonce commitment usedAt stake{roundId outcome payout paidAt}}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}" as TypedDocument<UseReviveMutation, UseReviveMutationVariables>

export const StakeRoundsDocument = "query StakeRounds($offerId:ID!$first:Int!=20$after:String){stakeRounds(offerId:$offerId first:$first after:$after){nodes{...Round}pageInfo{...Page}}}fragment Round on StakeRound{id offerId title status outcomes{id title points}pool stakes rake nobodyWon openedAt closesAt outcome endedAt}fragment Page on PageInfo{endCursor hasNextPage}" as TypedDocument<StakeRoundsQuery, StakeRoundsQueryVariables>

export const StakeRoundDocument = "query StakeRound($id:ID!){stakeRound(id:$id){...Round}}fragment Round on StakeRound{id offerId title status outcomes{id title points}pool stakes rake nobodyWon openedAt closesAt outcome endedAt}" as TypedDocument<StakeRoundQuery, StakeRoundQueryVariables>

export const ShipmentsDocument = "query Shipments($memberId:ID$status:ShipmentStatus$first:Int!=20$after:String){shipments(memberId:$memberId status:$status first:$first after:$after){nodes{...Parcel}pageInfo{...Page}}}fragment Parcel on Shipment{redemptionId offerId kind title status statusTitle account carrier trackingNumber orderedAt sentAt arrivesBy receivedAt returnUntil returnRequestedAt returnDeclinedBecause endedAt}fragment Page on PageInfo{endCursor hasNextPage}" as TypedDocument<ShipmentsQuery, ShipmentsQueryVariables>

export const ShipmentDocument = "query Shipment($redemptionId:ID!){shipment(redemptionId:$redemptionId){...Parcel}}fragment Parcel on Shipment{redemptionId offerId kind title status statusTitle account carrier trackingNumber orderedAt sentAt arrivesBy receivedAt returnUntil returnRequestedAt returnDeclinedBecause endedAt}" as TypedDocument<ShipmentQuery, ShipmentQueryVariables>

export const ReceiveGoodsDocument = "mutation ReceiveGoods($redemptionIds:[ID!]!$reason:String){receiveGoods(redemptionIds:$redemptionIds reason:$reason){__typename ...on GoodsMoved{shipment{...Parcel}}...Refused}}fragment Parcel on Shipment{redemptionId offerId kind title status statusTitle account carrier trackingNumber orderedAt sentAt arrivesBy receivedAt returnUntil returnRequestedAt returnDeclinedBecause endedAt}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}" as TypedDocument<ReceiveGoodsMutation, ReceiveGoodsMutationVariables>

export const RequestGoodsReturnDocument = "mutation RequestGoodsReturn($redemptionId:ID!){requestGoodsReturn(redemptionId:$redemptionId){__typename ...on GoodsMoved{shipment{...Parcel}}...Refused}}fragment Parcel on Shipment{redemptionId offerId kind title status statusTitle account carrier trackingNumber orderedAt sentAt arrivesBy receivedAt returnUntil returnRequestedAt returnDeclinedBecause endedAt}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}" as TypedDocument<RequestGoodsReturnMutation, RequestGoodsReturnMutationVariables>

export const MyMembershipDocument = "query MyMembership{me{...MemberMembership}}fragment MemberMembership on Member{id joinedAt tier{id title earnMultiplier priceFactor}tierProgress{missing until next{id title threshold}}qualifyingSpend membership{lapsed until}badges{id title description done needed earnedAt}}" as TypedDocument<MyMembershipQuery, MyMembershipQueryVariables>

export const MembershipOfDocument = "query MembershipOf($memberId:ID!){member(id:$memberId){...MemberMembership}}fragment MemberMembership on Member{id joinedAt tier{id title earnMultiplier priceFactor}tierProgress{missing until next{id title threshold}}qualifyingSpend membership{lapsed until}badges{id title description done needed earnedAt}}" as TypedDocument<MembershipOfQuery, MembershipOfQueryVariables>

export const TasksDocument = "query Tasks($memberId:ID){tasks(memberId:$memberId){id source title beginner done againAt points pointsLeft ordersLeft rate streak progress{done of}}}" as TypedDocument<TasksQuery, TasksQueryVariables>

export const CheckInDocument = "mutation CheckIn($memberId:ID){checkIn(memberId:$memberId){__typename ...on CheckedIn{date points streak cardsLeft replayed}...Refused}}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}" as TypedDocument<CheckInMutation, CheckInMutationVariables>

export const MyMessagesDocument = "query MyMessages($first:Int!=20$after:String){me{messages(first:$first after:$after){nodes{id kind title body writtenAt}pageInfo{...Page}}}}fragment Page on PageInfo{endCursor hasNextPage}" as TypedDocument<MyMessagesQuery, MyMessagesQueryVariables>

export const RegisterMemberDocument = "mutation RegisterMember($input:RegisterMemberInput!){registerMember(input:$input){__typename ...on MemberRegistered{member{id joinedAt}}...Refused}}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}" as TypedDocument<RegisterMemberMutation, RegisterMemberMutationVariables>

export const RecordPurchaseDocument = "mutation RecordPurchase($input:RecordPurchaseInput!){recordPurchase(input:$input){__typename ...on PurchaseRecorded{points replayed}...Refused}}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}" as TypedDocument<RecordPurchaseMutation, RecordPurchaseMutationVariables>

export const ConfirmPurchaseDocument = "mutation ConfirmPurchase($orderId:ID!$confirmedAt:DateTime){confirmPurchase(orderId:$orderId confirmedAt:$confirmedAt){__typename ...on PurchaseConfirmed{points replayed}...Refused}}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}" as TypedDocument<ConfirmPurchaseMutation, ConfirmPurchaseMutationVariables>

export const ReturnPurchaseDocument = "mutation ReturnPurchase($input:ReturnPurchaseInput!){returnPurchase(input:$input){__typename ...on PurchaseReturned{points replayed}...Refused}}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}" as TypedDocument<ReturnPurchaseMutation, ReturnPurchaseMutationVariables>

export const CancelPurchaseDocument = "mutation CancelPurchase($orderId:ID!){cancelPurchase(orderId:$orderId){__typename ...on PurchaseCancelled{points replayed}...Refused}}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}" as TypedDocument<CancelPurchaseMutation, CancelPurchaseMutationVariables>

export const RecordBehaviourDocument = "mutation RecordBehaviour($input:RecordBehaviourInput!){recordBehaviour(input:$input){__typename ...on BehaviourRecorded{behaviour points left againAt replayed}...Refused}}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}" as TypedDocument<RecordBehaviourMutation, RecordBehaviourMutationVariables>

export const OffersDocument = "query Offers($memberId:ID$channel:String$first:Int!=20$after:String){offers(memberId:$memberId channel:$channel first:$first after:$after){nodes{...Price}pageInfo{...Page}}}fragment Price on Offer{id channel title description pictureUrl price expiringDiscount cashValue pointsAndCash{leastPoints mostPoints cashAtLeast cashAtMost}stock{left leftToday}limitPerMember{count period}window{from until}}fragment Page on PageInfo{endCursor hasNextPage}" as TypedDocument<OffersQuery, OffersQueryVariables>

export const OfferDocument = "query Offer($id:ID!$memberId:ID){offer(id:$id memberId:$memberId){...Price details}}fragment Price on Offer{id channel title description pictureUrl price expiringDiscount cashValue pointsAndCash{leastPoints mostPoints cashAtLeast cashAtMost}stock{left leftToday}limitPerMember{count period}window{from until}}" as TypedDocument<OfferQuery, OfferQueryVariables>

export const QuoteDocument = "mutation Quote($offerId:ID!$points:Points$memberId:ID){quote(offerId:$offerId points:$points memberId:$memberId){__typename ...on Quote{id points cash expiresAt explanation{step title points}}...Refused}}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}" as TypedDocument<QuoteMutation, QuoteMutationVariables>

export const RedeemDocument = "mutation Redeem($input:RedeemInput!){redeem(input:$input){__typename ...Redeemed ...Refused}}fragment Redeemed on Redemption{__typename id status memberId points award cash{amount payBy paidAt refundDue}receipt refusal{...Refused}createdAt settledAt offer{id title channel}}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}" as TypedDocument<RedeemMutation, RedeemMutationVariables>

export const CancelRedemptionDocument = "mutation CancelRedemption($id:ID!$reason:String){cancelRedemption(id:$id reason:$reason){__typename ...Redeemed ...Refused}}fragment Redeemed on Redemption{__typename id status memberId points award cash{amount payBy paidAt refundDue}receipt refusal{...Refused}createdAt settledAt offer{id title channel}}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}" as TypedDocument<CancelRedemptionMutation, CancelRedemptionMutationVariables>

export const RedemptionDocument = "query Redemption($id:ID!){redemption(id:$id){...Redeemed}}fragment Redeemed on Redemption{__typename id status memberId points award cash{amount payBy paidAt refundDue}receipt refusal{...Refused}createdAt settledAt offer{id title channel}}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}" as TypedDocument<RedemptionQuery, RedemptionQueryVariables>

export const MyRedemptionsDocument = "query MyRedemptions($first:Int!=20$after:String){me{...MemberRedemptions}}fragment MemberRedemptions on Member{redemptions(first:$first after:$after){nodes{...Redeemed}pageInfo{...Page}}}fragment Redeemed on Redemption{__typename id status memberId points award cash{amount payBy paidAt refundDue}receipt refusal{...Refused}createdAt settledAt offer{id title channel}}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}fragment Page on PageInfo{endCursor hasNextPage}" as TypedDocument<MyRedemptionsQuery, MyRedemptionsQueryVariables>

export const RedemptionsOfDocument = "query RedemptionsOf($memberId:ID!$first:Int!=20$after:String){member(id:$memberId){...MemberRedemptions}}fragment MemberRedemptions on Member{redemptions(first:$first after:$after){nodes{...Redeemed}pageInfo{...Page}}}fragment Redeemed on Redemption{__typename id status memberId points award cash{amount payBy paidAt refundDue}receipt refusal{...Refused}createdAt settledAt offer{id title channel}}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}fragment Page on PageInfo{endCursor hasNextPage}" as TypedDocument<RedemptionsOfQuery, RedemptionsOfQueryVariables>

export const CouponsDocument = "query Coupons($memberId:ID$status:CouponStatus$first:Int!=20$after:String){coupons(memberId:$memberId status:$status first:$first after:$after){nodes{code type title status statusTitle amount threshold discount expiresAt usedAt}pageInfo{...Page}}}fragment Page on PageInfo{endCursor hasNextPage}" as TypedDocument<CouponsQuery, CouponsQueryVariables>

export const AnswerSurveyDocument = "mutation AnswerSurvey($input:AnswerSurveyInput!){answerSurvey(input:$input){__typename ...on SurveyAnswer{redemptionId score comment}...Refused}}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}" as TypedDocument<AnswerSurveyMutation, AnswerSurveyMutationVariables>

export const ReferralDocument = "query Referral($memberId:ID$first:Int!=20$before:DateTime){referral(memberId:$memberId first:$first before:$before){code accepted friends{friendId acceptedAt state points}}}" as TypedDocument<ReferralQuery, ReferralQueryVariables>

export const CreateReferralCodeDocument = "mutation CreateReferralCode($input:CreateReferralCodeInput!){createReferralCode(input:$input){__typename ...on ReferralCodeCreated{referralCode}...Refused}}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}" as TypedDocument<CreateReferralCodeMutation, CreateReferralCodeMutationVariables>

export const AcceptReferralDocument = "mutation AcceptReferral($input:AcceptReferralInput!){acceptReferral(input:$input){__typename ...on ReferralAccepted{heldBecause replayed}...Refused}}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}" as TypedDocument<AcceptReferralMutation, AcceptReferralMutationVariables>

export const TransferPointsDocument = "mutation TransferPoints($input:TransferPointsInput!){transferPoints(input:$input){__typename ...Given ...Refused}}fragment Given on Transfer{__typename id status from to points parts{kind points expiresAt}createdAt settledAt}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}" as TypedDocument<TransferPointsMutation, TransferPointsMutationVariables>

export const TransferDocument = "query Transfer($id:ID!){transfer(id:$id){...Given}}fragment Given on Transfer{__typename id status from to points parts{kind points expiresAt}createdAt settledAt}" as TypedDocument<TransferQuery, TransferQueryVariables>

export const MyTransfersDocument = "query MyTransfers($first:Int!=20$after:String){me{...MemberTransfers}}fragment MemberTransfers on Member{transfers(first:$first after:$after){nodes{...Given}pageInfo{...Page}}}fragment Given on Transfer{__typename id status from to points parts{kind points expiresAt}createdAt settledAt}fragment Page on PageInfo{endCursor hasNextPage}" as TypedDocument<MyTransfersQuery, MyTransfersQueryVariables>

export const TransfersOfDocument = "query TransfersOf($memberId:ID!$first:Int!=20$after:String){member(id:$memberId){...MemberTransfers}}fragment MemberTransfers on Member{transfers(first:$first after:$after){nodes{...Given}pageInfo{...Page}}}fragment Given on Transfer{__typename id status from to points parts{kind points expiresAt}createdAt settledAt}fragment Page on PageInfo{endCursor hasNextPage}" as TypedDocument<TransfersOfQuery, TransfersOfQueryVariables>

export const MyWalletDocument = "query MyWallet($within:Int!=30){me{...MemberWallet}}fragment MemberWallet on Member{id wallet{version balance{...Holding expiringSoon(withinDays:$within){at points}}}}fragment Holding on Balance{available pending claimable held frozen debt}" as TypedDocument<MyWalletQuery, MyWalletQueryVariables>

export const WalletOfDocument = "query WalletOf($memberId:ID!$within:Int!=30){member(id:$memberId){...MemberWallet}}fragment MemberWallet on Member{id wallet{version balance{...Holding expiringSoon(withinDays:$within){at points}}}}fragment Holding on Balance{available pending claimable held frozen debt}" as TypedDocument<WalletOfQuery, WalletOfQueryVariables>

export const MyLotsDocument = "query MyLots($first:Int!=20$after:String){me{...MemberLots}}fragment MemberLots on Member{wallet{lots(first:$first after:$after){nodes{id kind source state granted available pending claimable earnedAt confirmAt claimBy expiresAt}pageInfo{...Page}}}}fragment Page on PageInfo{endCursor hasNextPage}" as TypedDocument<MyLotsQuery, MyLotsQueryVariables>

export const LotsOfDocument = "query LotsOf($memberId:ID!$first:Int!=20$after:String){member(id:$memberId){...MemberLots}}fragment MemberLots on Member{wallet{lots(first:$first after:$after){nodes{id kind source state granted available pending claimable earnedAt confirmAt claimBy expiresAt}pageInfo{...Page}}}}fragment Page on PageInfo{endCursor hasNextPage}" as TypedDocument<LotsOfQuery, LotsOfQueryVariables>

export const MyTransactionsDocument = "query MyTransactions($first:Int!=20$after:String){me{...MemberTransactions}}fragment MemberTransactions on Member{wallet{transactions(first:$first after:$after){nodes{...Line balance{available}}pageInfo{...Page}}}}fragment Line on Transaction{id version type reason title points recordedAt effectiveAt explanation{step title points}}fragment Page on PageInfo{endCursor hasNextPage}" as TypedDocument<MyTransactionsQuery, MyTransactionsQueryVariables>

export const TransactionsOfDocument = "query TransactionsOf($memberId:ID!$first:Int!=20$after:String){member(id:$memberId){...MemberTransactions}}fragment MemberTransactions on Member{wallet{transactions(first:$first after:$after){nodes{...Line balance{available}}pageInfo{...Page}}}}fragment Line on Transaction{id version type reason title points recordedAt effectiveAt explanation{step title points}}fragment Page on PageInfo{endCursor hasNextPage}" as TypedDocument<TransactionsOfQuery, TransactionsOfQueryVariables>

export const BalanceChangesDocument = "subscription BalanceChanges($memberId:ID$after:ID){balanceChanged(memberId:$memberId after:$after){memberId version balance{...Holding}change{...Line}}}fragment Holding on Balance{available pending claimable held frozen debt}fragment Line on Transaction{id version type reason title points recordedAt effectiveAt explanation{step title points}}" as TypedDocument<BalanceChangesSubscription, BalanceChangesSubscriptionVariables>

export const ClaimDocument = "mutation Claim($memberId:ID$lots:[ID!]$idempotencyKey:ID){claimPoints(memberId:$memberId lots:$lots idempotencyKey:$idempotencyKey){__typename ...on PointsClaimed{points}...Refused}}fragment Refused on Refusal{__typename code message detail field available needed limit availableAmount neededAmount when}" as TypedDocument<ClaimMutation, ClaimMutationVariables>

export const MyBalanceDocument = "query MyBalance{me{...MemberBalance}}fragment MemberBalance on Member{id wallet{version balance{...Holding}}}fragment Holding on Balance{available pending claimable held frozen debt}" as TypedDocument<MyBalanceQuery, MyBalanceQueryVariables>

export const BalanceOfDocument = "query BalanceOf($memberId:ID!){member(id:$memberId){...MemberBalance}}fragment MemberBalance on Member{id wallet{version balance{...Holding}}}fragment Holding on Balance{available pending claimable held frozen debt}" as TypedDocument<BalanceOfQuery, BalanceOfQueryVariables>
