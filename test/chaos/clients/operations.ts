import type { Act, Answer } from '../log/client-log.js'

type Data = Readonly<Record<string, unknown>>

interface Operation {
  readonly document: string
  readonly as: 'storefront' | 'member' | 'operator'
  /** What of the answer is kept. */
  readonly read: (data: Data) => Answer
}

const EARNED = 'points transaction { id }'
const REDEEMED = 'id status points receipt cash { amount } transaction { id }'
const PAID = 'points status'

function operation(
  as: Operation['as'],
  { input, call, type, fields }: Record<'input' | 'call' | 'type' | 'fields', string>,
  read: Operation['read'],
): Operation {
  const document = `mutation (${input}) { result: ${call} {
    __typename ... on ${type} { ${fields} } ... on Refusal { code } } }`
  return { document, as, read }
}

/** How each act is asked of the API, and what of its answer counts. */
export const OPERATIONS: Readonly<Record<Act, Operation>> = {
  order: operation(
    'storefront',
    {
      input: '$input: RecordPurchaseInput!',
      call: 'recordPurchase(input: $input)',
      type: 'PurchaseRecorded',
      fields: EARNED,
    },
    readEarned,
  ),
  return: operation(
    'storefront',
    {
      input: '$input: ReturnPurchaseInput!',
      call: 'returnPurchase(input: $input)',
      type: 'PurchaseReturned',
      fields: EARNED,
    },
    readEarned,
  ),
  cancel: operation(
    'storefront',
    {
      input: '$orderId: ID!',
      call: 'cancelPurchase(orderId: $orderId)',
      type: 'PurchaseCancelled',
      fields: EARNED,
    },
    readEarned,
  ),
  'check-in': operation(
    'storefront',
    {
      input: '$memberId: ID!',
      call: 'checkIn(memberId: $memberId)',
      type: 'CheckedIn',
      fields: EARNED,
    },
    readEarned,
  ),
  redeem: operation(
    'member',
    {
      input: '$input: RedeemInput!',
      call: 'redeem(input: $input)',
      type: 'Redemption',
      fields: REDEEMED,
    },
    readRedemption,
  ),
  'cancel-redemption': operation(
    'member',
    {
      input: '$id: ID!',
      call: 'cancelRedemption(id: $id)',
      type: 'Redemption',
      fields: REDEEMED,
    },
    readRedemption,
  ),
  'use-coupon': operation(
    'storefront',
    {
      input: '$input: UseCouponInput!',
      call: 'useCoupon(input: $input)',
      type: 'CouponUsed',
      fields: 'discount',
    },
    ({ discount }) => ({ discount: String(discount) }),
  ),
  'release-coupon': operation(
    'storefront',
    {
      input: '$input: ReleaseCouponInput!',
      call: 'releaseCoupon(input: $input)',
      type: 'CouponReleased',
      fields: 'coupon { status }',
    },
    () => ({}),
  ),
  'pick-goods': move('$redemptionIds: [ID!]!', 'pickGoods(redemptionIds: $redemptionIds)'),
  'send-goods': move('$input: [SendGoodsInput!]!', 'sendGoods(input: $input)'),
  'receive-goods': move('$redemptionIds: [ID!]!', 'receiveGoods(redemptionIds: $redemptionIds)'),
  'ask-return': {
    ...move('$redemptionId: ID!', 'requestGoodsReturn(redemptionId: $redemptionId)'),
    as: 'member',
  },
  'accept-return': move('$redemptionId: ID!', 'acceptGoodsReturn(redemptionId: $redemptionId)'),
  'complete-top-up': move('$redemptionId: ID!', 'completeTopUp(redemptionId: $redemptionId)'),
  'fail-top-up': move(
    '$redemptionId: ID!, $reason: String!',
    'failTopUp(redemptionId: $redemptionId, reason: $reason)',
  ),
  'use-revive': operation(
    'storefront',
    {
      input: '$input: UseReviveInput!',
      call: 'useRevive(input: $input)',
      type: 'ReviveUsed',
      fields: 'play { id }',
    },
    () => ({}),
  ),
  'settle-stake': operation(
    'operator',
    {
      input: '$input: SettleStakeInput!',
      call: 'settleStake(input: $input)',
      type: 'StakeEnded',
      fields: 'unpaidBecause round { status }',
    },
    ({ round }) => ({ status: String((round as Data).status) }),
  ),
  pay: payment(),
  'pay-wrong': payment(),
  'refund-money': operation(
    'storefront',
    {
      input: '$input: ConfirmRefundInput!',
      call: 'confirmRefund(input: $input)',
      type: 'Redemption',
      fields: 'id status points',
    },
    readPaid,
  ),
  'pay-with-points': atCheckout('$input: PayWithPointsInput!', 'payWithPoints(input: $input)'),
  'capture-payment': atCheckout('$orderId: ID!', 'capturePointsPayment(orderId: $orderId)'),
  'release-payment': atCheckout('$orderId: ID!', 'releasePointsPayment(orderId: $orderId)'),
  'return-payment': atCheckout(
    '$input: ReturnPointsPaymentInput!',
    'returnPointsPayment(input: $input)',
  ),
  'answer-survey': operation(
    'member',
    {
      input: '$input: AnswerSurveyInput!',
      call: 'answerSurvey(input: $input)',
      type: 'SurveyAnswer',
      fields: 'redemptionId score',
    },
    ({ redemptionId, score }) => ({
      redemption: String(redemptionId),
      score: Number(score),
      status: 'ANSWERED',
    }),
  ),
  'apply-playbook': ofPlaybook('$input: ApplyPlaybookInput!', 'applyPlaybook(input: $input)'),
  'revert-playbook': ofPlaybook(
    '$id: ID!, $reason: String!',
    'revertPlaybook(id: $id, reason: $reason)',
  ),
}

/** What the warehouse says of goods. */
function move(input: string, call: string): Operation {
  const fields = 'shipment { status }'
  return operation('storefront', { input, call, type: 'GoodsMoved', fields }, ({ shipment }) => ({
    status: String((shipment as Data).status),
  }))
}

/** What an operator does about what ran out. */
function ofPlaybook(input: string, call: string): Operation {
  const fields = 'id state'
  return operation('operator', { input, call, type: 'Playbook', fields }, ({ id, state }) => ({
    playbook: String(id),
    status: String(state),
  }))
}

/** What the storefront says of money. */
function payment(): Operation {
  const input = '$input: ConfirmPaymentInput!'
  const call = 'confirmPayment(input: $input)'
  const fields = 'id status points'
  return operation('storefront', { input, call, type: 'Redemption', fields }, readPaid)
}

function atCheckout(input: string, call: string): Operation {
  return operation('storefront', { input, call, type: 'PointsPayment', fields: PAID }, readPaid)
}

function readPaid({ status, points }: Data): Answer {
  return { status: String(status), points: Number(points) }
}

/** Several orders in one request: each is a write of its own. */
export const ORDERS = `mutation ($input: [RecordPurchaseInput!]!) { result: recordPurchases(input: $input) {
  __typename ... on PurchaseRecorded { ${EARNED} } ... on Refusal { code } } }`

function readEarned({ points, transaction }: Data): Answer {
  return { points: Number(points), transaction: String((transaction as Data).id) }
}

function readRedemption({ id, status, points, receipt, cash, transaction }: Data): Answer {
  const code = (receipt as Data | null)?.code
  return {
    redemption: String(id),
    status: String(status),
    points: Number(points),
    transaction: String((transaction as Data).id),
    ...(code != null && { code: String(code) }),
    ...(cash != null && { cash: String((cash as Data).amount) }),
  }
}
