import type { LedgerRefusalCode } from '@pointwell/ledger'
import type { Words } from '@pointwell/plugin'

/**
 * Everything the programme itself can refuse, besides what any plugin may, in the order of its
 * work. Closed: a code that is not here, of the ledger or of a plugin cannot leave the programme.
 */
export const PROGRAM_REFUSALS = {
  MEMBER_NOT_FOUND: { en: 'There is no such member.', zh: '没有这位会员。' },
  MEMBER_EXISTS: {
    en: 'This member is registered with other details.',
    zh: '该会员已登记，且资料不同。',
  },
  IDENTITY_LIMIT: {
    en: 'No more identities of this kind can be linked.',
    zh: '此类身份的绑定数量已达上限。',
  },
  IDENTITY_TAKEN: {
    en: 'This identity is linked to another member.',
    zh: '该身份已绑定其他会员。',
  },
  MERGE_WITH_SELF: {
    en: 'These are one member already.',
    zh: '两者已是同一位会员。',
  },
  MEMBER_MERGED: {
    en: 'This member was merged with another. Name it by the id that it goes by.',
    zh: '该会员已合并，请使用合并后的会员编号。',
  },
  MERGE_RUNNING: {
    en: 'One of the two is being merged right now. Try again in a moment.',
    zh: '其中一位会员正在合并中，请稍后再试。',
  },
  IDENTITY_CASE_NOT_FOUND: {
    en: 'There is no such case of linked identities.',
    zh: '没有这条关联身份核查记录。',
  },
  ERASURE_BLOCKED: {
    en: 'Something of this member is still under way. Ask again once it is done.',
    zh: '该会员尚有进行中的兑换或转赠，请完成后再申请注销。',
  },
  POLICY_CONFLICT: {
    en: 'Somebody else has changed the policy in the meantime. Look at it again.',
    zh: '规则已被他人修改，请重新查看后再改。',
  },
  POINT_VALUE_NOT_DUE: {
    en: 'The value of a point is not due to change like this.',
    zh: '积分价值目前没有此项待公布的调整。',
  },
  EVENT_TOO_OLD: { en: 'This happened too long ago.', zh: '事件发生时间过早，无法处理。' },
  EARNING_PAUSED: {
    en: 'Earning is paused. This is kept, and counts later.',
    zh: '积分发放已暂停，本次已保留，稍后补发。',
  },
  EVENT_KEPT: {
    en: 'This waits with what it is about until earning goes on.',
    zh: '相关事件仍在保留中，将在恢复发放后一并处理。',
  },
  EARNING_NOT_PAUSED: { en: 'This was never paused.', zh: '该项从未暂停。' },
  ORDER_NOT_FOUND: { en: 'There is no such order.', zh: '没有这笔订单。' },
  ORDER_CANCELLED: { en: 'This order was cancelled.', zh: '该订单已取消。' },
  OFFER_NOT_FOUND: { en: 'There is no such offer.', zh: '没有这个兑换项目。' },
  OFFER_EXISTS: { en: 'There is an offer with this id.', zh: '该编号的兑换项目已存在。' },
  OFFER_CONFLICT: {
    en: 'Somebody else has changed the offer in the meantime. Look at it again.',
    zh: '兑换项目已被他人修改，请重新查看后再改。',
  },
  OFFER_NOT_OPEN: { en: 'This offer is not open now.', zh: '该兑换项目目前未开放。' },
  OFFER_NOT_FOR_YOU: { en: 'This offer is not for this member.', zh: '该兑换项目不适用于此会员。' },
  QUOTE_NOT_FOUND: { en: 'There is no such quote.', zh: '没有这个报价。' },
  QUOTE_EXPIRED: {
    en: 'This price is no longer held. Ask for a new one.',
    zh: '报价已过期，请重新获取。',
  },
  LIMIT_REACHED: { en: 'The limit for this offer is reached.', zh: '已达到该项目的兑换上限。' },
  OUT_OF_STOCK: { en: 'This offer is sold out.', zh: '该项目已兑完。' },
  RISK_REFUSED: {
    en: 'This was not allowed after a check.',
    zh: '经风险核查，此操作未获通过。',
  },
  VERIFICATION_REQUIRED: {
    en: 'Please confirm first that it is you.',
    zh: '请先完成身份验证。',
  },
  RISK_HELD: {
    en: 'This has to be looked into first, and cannot wait here.',
    zh: '此操作需先核查，无法即时完成。',
  },
  REDEMPTION_NOT_UNDER_REVIEW: {
    en: 'No rule holds this redemption.',
    zh: '该兑换未处于风险核查中。',
  },
  REDEMPTION_NOT_FOUND: { en: 'There is no such redemption.', zh: '没有这笔兑换。' },
  PLAYBOOK_NOT_FOUND: { en: 'There is no such playbook.', zh: '没有这个应对方案。' },
  ORDER_HAS_PAYMENT: {
    en: 'Points pay for this order already.',
    zh: '该订单已使用积分抵扣。',
  },
  CHECKOUT_TOO_FEW: { en: 'That is too few points to pay with.', zh: '低于最少抵扣积分。' },
  CHECKOUT_TOO_MANY: {
    en: 'That is more points than this order takes.',
    zh: '超过该订单可抵扣的积分上限。',
  },
  PAYMENT_NOT_FOUND: { en: 'No points pay for this order.', zh: '该订单没有积分抵扣。' },
  PAYMENT_RELEASED: {
    en: 'The points of this order are back already.',
    zh: '该订单的积分已退回。',
  },
  PAYMENT_CAPTURED: {
    en: 'The points of this order are spent.',
    zh: '该订单的积分已扣除。',
  },
  PAYMENT_NOT_CAPTURED: {
    en: 'The points of this order are not spent.',
    zh: '该订单的积分尚未扣除。',
  },
  RETURN_TOO_LARGE: {
    en: 'More came back than points paid for.',
    zh: '退回金额超过积分抵扣的金额。',
  },
  PAYMENT_NOT_DUE: {
    en: 'Nothing is to be paid in money for this.',
    zh: '该兑换没有待支付的现金部分。',
  },
  PAYMENT_TOO_LATE: {
    en: 'The money did not come in time. The points are back.',
    zh: '未在规定时间内支付现金部分，积分已退回。',
  },
  PAYMENT_AMOUNT_WRONG: {
    en: 'This is not the amount that is to be paid.',
    zh: '支付金额与应付金额不符。',
  },
  REFUND_NOT_DUE: {
    en: 'No money is to be paid back for this.',
    zh: '该兑换没有待退回的现金。',
  },
  REDEMPTION_NOT_FULFILLED: {
    en: 'Only a completed redemption can be cancelled.',
    zh: '只有已完成的兑换才能取消。',
  },
  REDEMPTION_NOT_CANCELLABLE: {
    en: 'This redemption cannot be cancelled.',
    zh: '该兑换不支持取消。',
  },
  SURVEY_NOT_OPEN: {
    en: 'This redemption cannot be rated now.',
    zh: '该兑换目前不能评价。',
  },
  SURVEY_ANSWERED: {
    en: 'This redemption is rated, and that can no longer be changed.',
    zh: '该兑换已评价，且已不能修改。',
  },
  MEMBERSHIP_LAPSED: {
    en: 'The membership has run out. Renew it to go on.',
    zh: '会员资格已到期，请续期后再试。',
  },
  MEMBERSHIP_OFF: {
    en: 'Memberships of this programme do not run out.',
    zh: '本计划的会员资格没有期限。',
  },
  ADJUSTMENT_NOT_FOUND: { en: 'There is no such adjustment.', zh: '没有这笔调整。' },
  ADJUSTMENT_DECIDED: {
    en: 'This adjustment was decided already.',
    zh: '该调整已处理。',
  },
  SECOND_OPERATOR_NEEDED: {
    en: 'Somebody other than who asked for it must approve.',
    zh: '须由申请人以外的人员审批。',
  },
  NOTHING_TO_EXTEND: {
    en: 'None of these points can last longer: they have run out, or they never do.',
    zh: '没有可延期的积分：已过期，或本就长期有效。',
  },
  JOB_NOT_FOUND: { en: 'There is no such job.', zh: '没有这项任务。' },
  TRANSFERS_OFF: { en: 'Points cannot be given to others.', zh: '未开放积分转赠。' },
  TRANSFER_TO_SELF: { en: 'Points cannot be given to oneself.', zh: '不能转赠给自己。' },
  TRANSFER_TOO_SMALL: { en: 'That is too few points to give.', zh: '低于最少转赠积分。' },
  TRANSFER_TOO_LARGE: { en: 'That is too many points to give at once.', zh: '超过单次转赠上限。' },
  TRANSFER_NOT_ALLOWED: {
    en: 'This member cannot give points yet.',
    zh: '该会员暂不能转赠积分。',
  },
  TRANSFER_LIMIT: {
    en: 'The limit for giving points is reached.',
    zh: '已达到积分转赠上限。',
  },
  RECEIVER_UNAVAILABLE: {
    en: 'These points cannot be given to this receiver.',
    zh: '无法向该对象转赠积分。',
  },
  PLUGIN_FAILED: {
    en: 'This could not be processed. The operator has been told.',
    zh: '暂时无法处理，已通知运营人员。',
  },
  TRY_AGAIN_LATER: {
    en: 'Too much is going on just now. Try again in a moment.',
    zh: '当前请求过多，请稍后重试。',
  },
  DELIVERY_NOT_FOUND: { en: 'There is no such message on its way.', zh: '没有对应的消息投递。' },
  DELIVERY_NOT_DEAD: {
    en: 'This message was not given up.',
    zh: '该消息的投递并未终止。',
  },
  OUTCOME_UNKNOWN: {
    en: 'It is not known whether this was done. Send the same again: it counts once.',
    zh: '处理结果未知，请原样重新提交，不会重复计算。',
  },
} as const satisfies Readonly<Record<string, Words>>

export type ProgramRefusalCode = keyof typeof PROGRAM_REFUSALS

/** What a member reads for the ledger's own codes. */
export const LEDGER_REFUSAL_WORDS: Readonly<Record<LedgerRefusalCode, Words>> = {
  WALLET_NOT_FOUND: { en: 'There is no such wallet.', zh: '没有这个积分账户。' },
  IDEMPOTENCY_MISMATCH: {
    en: 'The same request was made before with other content.',
    zh: '同一请求曾以不同内容提交过。',
  },
  WALLET_MERGED: {
    en: 'This member was merged with another just now. Send it again.',
    zh: '该会员刚刚完成合并，请重新提交。',
  },
  WALLET_ENDED: { en: 'This wallet was closed for good.', zh: '该积分账户已注销。' },
  AMOUNT_NOT_POSITIVE: {
    en: 'The number of points must be whole and above zero.',
    zh: '积分数必须为正整数。',
  },
  AMOUNT_TOO_LARGE: { en: 'That is more points than there can be.', zh: '积分数过大。' },
  LOT_NOT_FOUND: { en: 'There are no such points.', zh: '没有这批积分。' },
  LOT_NOT_PENDING: { en: 'These points are not pending.', zh: '这批积分不在待确认状态。' },
  CLAIM_TOO_LATE: { en: 'The time to claim these points is over.', zh: '领取时间已过。' },
  LOT_NOT_CLAIMABLE: { en: 'There are no points to claim.', zh: '没有可领取的积分。' },
  HOLD_NOT_FOUND: { en: 'There are no points on hold for this.', zh: '没有对应的预占积分。' },
  FREEZE_NOT_FOUND: {
    en: 'There are no frozen points of this name.',
    zh: '没有对应的冻结积分。',
  },
  INSUFFICIENT_POINTS: { en: 'There are not enough points.', zh: '积分不足。' },
  BALANCE_TOO_LARGE: {
    en: 'The wallet cannot hold that many points.',
    zh: '积分账户无法容纳这么多积分。',
  },
}
