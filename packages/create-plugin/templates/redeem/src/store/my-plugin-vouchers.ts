import { randomBytes } from 'node:crypto'
import type { PluginStore } from '@pointwell/plugin'
import type { MyPluginContext } from '../fulfil-my-plugin.js'
import { MyPluginVoucherEntity } from './my-plugin-voucher.entity.js'

/** 80 bits that nobody can guess. */
const CODE_BYTES = 10
const CODE = new RegExp(`^[0-9A-F]{${CODE_BYTES * 2}}$`)
/** Far longer than any way of writing a code; longer input is not looked at. */
const MOST_TYPED = 100

/**
 * The one voucher of a redemption: the one there is, or a new one in this state. The key of the table
 * decides between several calls at once, and between this one and one that died half-way.
 */
export async function findOrWriteVoucher(
  { store, redemption, offer, settings, calendar, now }: MyPluginContext,
  status: 'given' | 'void',
): Promise<MyPluginVoucherEntity> {
  const find = () =>
    store.read((manager) =>
      manager.findOneBy(MyPluginVoucherEntity, { redemptionId: redemption.id }),
    )
  const known = await find()
  if (known) return known
  const validDays = offer.details.validDays ?? settings.validDays
  const voucher: MyPluginVoucherEntity = {
    redemptionId: redemption.id,
    memberId: redemption.memberId,
    code: randomBytes(CODE_BYTES).toString('hex').toUpperCase(),
    status,
    // A voucher lasts to the end of a day of the programme's time zone.
    expiresAt: calendar.endOf(calendar.addDays(calendar.dateOf(now), validDays)),
    usedFor: null,
  }
  try {
    await store.write((manager) => manager.insert(MyPluginVoucherEntity, voucher))
    return voucher
  } catch (fault) {
    if (!store.isDuplicateKey(fault)) throw fault
    const first = await find()
    if (!first) throw fault
    return first
  }
}

/** A voucher by its code as somebody typed it: any case, any spaces and hyphens. */
export async function findVoucher(
  store: PluginStore,
  typed: string,
): Promise<MyPluginVoucherEntity | null> {
  if (typed.length > MOST_TYPED) return null
  const code = typed.replace(/[\s-]/g, '').toUpperCase()
  if (!CODE.test(code)) return null
  return store.read((manager) => manager.findOneBy(MyPluginVoucherEntity, { code }))
}

/** Uses a voucher that was given, or takes it back; false, and nothing written, where somebody was faster. */
export async function changeVoucher(
  store: PluginStore,
  code: string,
  change: { readonly status: 'void' } | { readonly status: 'used'; readonly usedFor: string },
): Promise<boolean> {
  const { affected } = await store.write((manager) =>
    manager.update(MyPluginVoucherEntity, { code, status: 'given' }, change),
  )
  return affected === 1
}
