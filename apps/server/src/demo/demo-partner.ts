import type { Refusal } from '@pointwell/ledger'
import type { Program } from '@pointwell/program'
import { createPartner, importCodes } from '@pointwell/redeem-partner'
import { DEMO_PARTNER_OFFER } from './demo-offers.js'

const PARTNER = 'teahouse'
const CODES = 20

/** A teahouse that is paid after, and its codes. */
export async function demoPartner(program: Program, now: number): Promise<object | Refusal> {
  const store = program.store('partner')
  const codes = Array.from({ length: CODES }, (_, n) => `TEA-${7_001 + 13 * n}`)
  const pool = { partnerId: PARTNER, offerId: DEMO_PARTNER_OFFER, codes, now }
  await importCodes(store, { ...pool, written: async () => {} })
  return createPartner(
    store,
    {
      id: PARTNER,
      title: { en: 'The teahouse', zh: '茶馆' },
      terms: 'postpaid',
      currency: 'CNY',
      creditLimitMinor: 100_000,
      active: true,
      apiUrl: null,
      secretName: null,
      createdAt: now,
      version: 1,
    },
    async () => {},
  )
}
