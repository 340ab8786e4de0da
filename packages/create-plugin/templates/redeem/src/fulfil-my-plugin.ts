import type { Cancellation, ChannelContext, Fulfilment } from '@pointwell/plugin'
import type { MyPluginOffer } from './my-plugin-offer.js'
import type { MyPluginSettings } from './my-plugin-settings.js'
import { changeVoucher, findOrWriteVoucher } from './store/my-plugin-vouchers.js'

export type MyPluginContext = ChannelContext<MyPluginSettings, MyPluginOffer, Record<string, never>>

/** Gives the voucher of a redemption, once, however often it is asked. Refused: MY_PLUGIN_VOID, where the
 * redemption was cancelled. */
export async function fulfilMyPlugin(context: MyPluginContext): Promise<Fulfilment> {
  if (context.signal.aborted) return { outcome: 'unknown', detail: 'out of time before it began' }
  const { code, status, expiresAt } = await findOrWriteVoucher(context, 'given')
  if (status === 'void') return { outcome: 'refused', code: 'MY_PLUGIN_VOID' }
  return {
    outcome: 'fulfilled',
    // What the member keeps of the redemption.
    receipt: { code, expiresAt: new Date(expiresAt).toISOString() },
  }
}

/** Takes the voucher of a redemption back, once. Where none was given yet, none will be. Refused:
 * MY_PLUGIN_USED. */
export async function cancelMyPlugin(context: MyPluginContext): Promise<Cancellation> {
  if (context.signal.aborted) return { outcome: 'unknown', detail: 'out of time before it began' }
  const { store } = context
  const voucher = await findOrWriteVoucher(context, 'void')
  if (voucher.status === 'given') {
    const isMine = await changeVoucher(store, voucher.code, { status: 'void' })
    // Somebody was faster: used, or cancelled by another call.
    if (!isMine) return cancelMyPlugin(context)
  }
  return voucher.status === 'used'
    ? { outcome: 'refused', code: 'MY_PLUGIN_USED' }
    : { outcome: 'cancelled' }
}
