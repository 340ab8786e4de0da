import type { MemberChanges, PluginStore } from '@pointwell/plugin'
import { MyPluginVoucherEntity } from './store/my-plugin-voucher.entity.js'

/** Vouchers of a member who is erased or merged go on as another's: whoever has a code can use it. */
export const myPluginMembers: MemberChanges = {
  erased: ({ memberId, pseudonym }, store) => rename(store, memberId, pseudonym),
  merged: ({ from, into }, store) => rename(store, from, into),
}

async function rename(store: PluginStore, from: string, to: string): Promise<void> {
  await store.write((manager) =>
    manager.update(MyPluginVoucherEntity, { memberId: from }, { memberId: to }),
  )
}
