import { createHash } from 'node:crypto'

/** The longest name of an act. */
const MOST = 128

/**
 * Names the review of a line: there is one a bought line. A slash in an order's id is written otherwise, so
 * that no two lines share a name; where two long ids make it too long, it ends with the hash of all of it.
 */
export function reviewKey({
  orderId,
  lineId,
}: {
  readonly orderId: string
  readonly lineId: string
}): string {
  const key = `${orderId.replaceAll('%', '%25').replaceAll('/', '%2F')}/${lineId}`
  if (key.length < MOST) return key
  const hash = createHash('sha256').update(key).digest('base64url')
  return `${key.slice(0, MOST - hash.length - 1)}#${hash}`
}
