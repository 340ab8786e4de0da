import type { Act, Answer } from '../log/client-log.js'

type Data = Readonly<Record<string, unknown>>

interface Operation {
  readonly document: string
  readonly as: 'storefront' | 'member'
  /** What of the answer is kept. */
  readonly read: (data: Data) => Answer
}

const EARNED = 'points transaction { id }'
const REDEEMED = 'id status points receipt transaction { id }'

const operation = (
  as: Operation['as'],
  { input, call, type, fields }: Record<'input' | 'call' | 'type' | 'fields', string>,
  read: Operation['read'],
): Operation => ({
  document: `mutation (${input}) { result: ${call} {
    __typename ... on ${type} { ${fields} } ... on Refusal { code } } }`,
  as,
  read,
})

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
}

/** Several orders in one request: each is a write of its own. */
export const ORDERS = `mutation ($input: [RecordPurchaseInput!]!) { result: recordPurchases(input: $input) {
  __typename ... on PurchaseRecorded { ${EARNED} } ... on Refusal { code } } }`

function readEarned({ points, transaction }: Data): Answer {
  return { points: Number(points), transaction: String((transaction as Data).id) }
}

function readRedemption({ id, status, points, receipt, transaction }: Data): Answer {
  const code = (receipt as Data | null)?.code
  return {
    redemption: String(id),
    status: String(status),
    points: Number(points),
    transaction: String((transaction as Data).id),
    ...(code !== undefined && { code: String(code) }),
  }
}
