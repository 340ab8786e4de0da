/** What is asked in the rows over HTTP. */

const RECORDED = `__typename
  ... on PurchaseRecorded { points replayed transaction { id balance { available pending } } }
  ... on Refusal { code detail }`

export const RECORD = `mutation Record($input: RecordPurchaseInput!) {
  recordPurchase(input: $input) { ${RECORDED} } }`

export const RECORD_MANY = `mutation RecordMany($input: [RecordPurchaseInput!]!) {
  recordPurchases(input: $input) { ${RECORDED} } }`

/** The same in and out as `RECORD`, and nothing between. */
export const SAME = `mutation Same($input: RecordPurchaseInput!) {
  benchSame(input: $input) { ${RECORDED} } }`

export const BARE = 'mutation Bare { benchBare }'

export const HEAP = '{ benchHeap }'

export const REGISTER = `mutation ($input: [RegisterMemberInput!]!) {
  registerMembers(input: $input) { __typename ... on Refusal { code detail } } }`

export const OFFER = `mutation ($input: CreateOfferInput!) {
  createOffer(input: $input) { __typename ... on Refusal { code detail } } }`

export const REDEEM = `mutation Redeem($input: RedeemInput!) {
  redeem(input: $input) { __typename
    ... on Redemption { id status points receipt }
    ... on Refusal { code available } } }`

/** A member's page in a storefront: the wallet, ten rows of history, the lots that run out, and what
 * the points are good for. */
export const PAGE = `query Page($memberId: ID!) {
  member(id: $memberId) {
    id
    tier { id title }
    wallet {
      version
      balance { available pending held expiringSoon { points at } }
      lots(first: 5) { nodes { id kind available expiresAt } }
      transactions(first: 10) {
        nodes { id type title reason points recordedAt balance { available } explanation { title points } }
      }
    }
  }
  offers(memberId: $memberId, first: 10) { nodes { id title price cashValue stock { left } } }
}`

export const CHANGED = `subscription ($memberId: ID!) { balanceChanged(memberId: $memberId) {
  version balance { available } change { points reason recordedAt } } }`

export const BUDGET = `mutation ($document: JSON!) { updatePolicy(input: { document: $document }) {
  __typename ... on Refusal { code detail } ... on PolicyInvalid { faults { path message } } } }`
