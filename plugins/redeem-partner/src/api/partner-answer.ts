import { identifier, text } from '@pointwell/plugin'
import { z } from 'zod'

/**
 * What a partner's API says of one order. `none`: it does not know of it. `unknown`: it cannot be
 * told what it says, so that it is asked again.
 */
export type PartnerAnswer =
  | { readonly is: 'done'; readonly code: string | null; readonly expiresAt: number | null }
  | { readonly is: 'refused' | 'cancelled' | 'pending' | 'none' }
  | { readonly is: 'unknown'; readonly detail: string }

const code = identifier({ max: 200 })
const answer = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('done'),
    code: code.optional(),
    expiresAt: z.iso.datetime({ offset: true }).optional(),
  }),
  z.object({ status: z.literal('refused'), reason: text({ min: 0, max: 500 }) }),
  z.object({ status: z.literal('cancelled') }),
  z.object({ status: z.literal('pending') }),
])

/** The statuses of HTTP that may carry a plain no. */
const SAYS_NO = [409, 422]

/**
 * What an answer comes to. A no is one only where it says so itself, in a body of its own: by 200,
 * 409 or 422. A 404 says that there is no such order. All else is unknown: the order may have been
 * taken in or not.
 */
export function readPartnerAnswer(status: number, body: string): PartnerAnswer {
  if (status === 404) return { is: 'none' }
  if (status !== 200 && !SAYS_NO.includes(status))
    return { is: 'unknown', detail: `status ${status}` }
  const { data } = answer.safeParse(parse(body))
  if (!data) return { is: 'unknown', detail: `status ${status} with a body that says nothing` }
  if (status !== 200) {
    return data.status === 'refused'
      ? { is: 'refused' }
      : { is: 'unknown', detail: `status ${status} with ${data.status}` }
  }
  if (data.status !== 'done') return { is: data.status }
  const expiresAt = data.expiresAt === undefined ? null : Date.parse(data.expiresAt)
  return { is: 'done', code: data.code ?? null, expiresAt }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
