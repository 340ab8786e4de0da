import {
  currency,
  identifier,
  MAX_POINTS,
  type Refusal,
  readBySchema,
  refuse,
  wholeNumber,
  wordsSchema,
} from '@pointwell/plugin'
import { z } from 'zod'
import { isAllowedUrl, isSecretName, readApiUrl } from '../api/partner-environment.js'
import type { Partner } from './partner.js'

const fields = z.object({
  id: identifier(),
  title: wordsSchema,
  terms: z.enum(['prepaid', 'postpaid']),
  currency: currency(),
  creditLimit: wholeNumber({ min: 0, max: MAX_POINTS }).nullable(),
  apiUrl: z
    .string()
    .max(500)
    .refine((it) => readApiUrl(it) !== undefined, {
      error: 'Expected an http(s) address without a name, a query or a fragment.',
    })
    .nullable(),
  secretName: z
    .string()
    .refine(isSecretName, { error: 'Expected a name of capitals, digits and _.' })
    .nullable(),
})

/**
 * What is wrong with a partner as it is to be: `INVALID_INPUT` with the field, or
 * `PARTNER_HOST_NOT_ALLOWED` where the server does not speak to where its API is said to be.
 */
export function checkPartner(partner: Partner): Refusal | null {
  const { creditLimitMinor, ...same } = partner
  const { error } = readBySchema(fields, { ...same, creditLimit: creditLimitMinor })
  const [issue] = error?.issues ?? []
  if (issue) {
    return refuse('INVALID_INPUT', { field: issue.path.join('.'), detail: issue.message })
  }
  if (partner.terms === 'prepaid' && creditLimitMinor !== null) {
    const detail = 'Expected none: what is prepaid has no credit.'
    return refuse('INVALID_INPUT', { field: 'creditLimit', detail })
  }
  if ((partner.apiUrl === null) !== (partner.secretName === null)) {
    const field = partner.apiUrl === null ? 'apiUrl' : 'secretName'
    return refuse('INVALID_INPUT', {
      field,
      detail: 'Expected an address and a secret, or neither.',
    })
  }
  if (partner.apiUrl !== null && !isAllowedUrl(partner.apiUrl)) {
    return refuse('PARTNER_HOST_NOT_ALLOWED', { field: 'apiUrl' })
  }
  return null
}
