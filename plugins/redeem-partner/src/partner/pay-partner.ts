import { MAX_POINTS, type PluginStore, type Refusal, refuse } from '@pointwell/plugin'
import type { EntityManager } from 'typeorm'
import { type Balance, changeBalance, findBalance } from '../store/balance.js'
import { PartnerEntryEntity } from '../store/partner-entry.entity.js'
import { postEntry, postingName } from '../store/post-entry.js'
import type { Partner } from './partner.js'

const MAX_KEY = 100

/**
 * Money that was paid to a partner: a top-up of what is prepaid, or a payment of what is owed. The
 * same key again is the same payment. Refuses INVALID_INPUT (`amount`, `idempotencyKey`),
 * CURRENCY_NOT_SUPPORTED, IDEMPOTENCY_MISMATCH.
 */
export async function payPartner(
  store: PluginStore,
  partner: Partner,
  {
    amount,
    key,
    now,
    written,
  }: {
    readonly amount: { readonly amountMinor: number; readonly currency: string }
    readonly key: string
    readonly now: number
    readonly written: (
      manager: EntityManager,
      change: { readonly before: Balance; readonly after: Balance },
    ) => Promise<void>
  },
): Promise<{ readonly replayed: boolean } | Refusal> {
  const { amountMinor } = amount
  if (key.length < 1 || key.length > MAX_KEY || !/^[\x21-\x7e]+$/.test(key)) {
    const detail = `Expected 1 to ${MAX_KEY} visible ASCII characters.`
    return refuse('INVALID_INPUT', { field: 'idempotencyKey', detail })
  }
  if (amount.currency !== partner.currency) {
    return refuse('CURRENCY_NOT_SUPPORTED', { field: 'amount' })
  }
  const partnerId = partner.id
  const before = await findBalance(store, partnerId)
  if (amountMinor <= 0 || before.balanceMinor + amountMinor > MAX_POINTS) {
    const detail = 'Expected more than nothing, and no more than can be counted.'
    return refuse('INVALID_INPUT', { field: 'amount', detail })
  }
  const name = `${partnerId}:${key}`
  try {
    await store.write(async (manager) => {
      await changeBalance(manager, { partnerId, balanceMinor: amountMinor })
      await postEntry(manager, { name, kind: 'payment', partnerId, amountMinor, at: now })
      const balanceMinor = before.balanceMinor + amountMinor
      await written(manager, { before, after: { ...before, balanceMinor } })
    })
    return { replayed: false }
  } catch (error) {
    if (!store.isDuplicateKey(error)) throw error
  }
  const posting = postingName('payment', name)
  const known = await store.read((manager) =>
    manager.findOneBy(PartnerEntryEntity, { posting, account: 'partner' }),
  )
  return known?.amountMinor === amountMinor
    ? { replayed: true }
    : refuse('IDEMPOTENCY_MISMATCH', { field: 'amount' })
}
