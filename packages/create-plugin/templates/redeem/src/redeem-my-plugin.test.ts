import { readFileSync } from 'node:fs'
import { openCalendar, type PluginStore } from '@pointwell/plugin'
import { openMemoryStore, testRedemptionChannel } from '@pointwell/plugin/testing'
import { describe, expect, it } from 'vitest'
import { cancelMyPlugin, fulfilMyPlugin, type MyPluginContext } from './fulfil-my-plugin.js'
import { myPluginOffer } from './my-plugin-offer.js'
import { myPluginSettings } from './my-plugin-settings.js'
import { redeemMyPlugin } from './redeem-my-plugin.js'
import { changeVoucher, findVoucher } from './store/my-plugin-vouchers.js'

// The whole contract, with random offers made from the channel's own schemas.
testRedemptionChannel(redeemMyPlugin)

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

/** Works over an empty database in memory with the channel's tables. */
async function withStore(work: (store: PluginStore) => Promise<void>): Promise<void> {
  const { store, close } = await openMemoryStore(redeemMyPlugin)
  try {
    await work(store)
  } finally {
    await close()
  }
}

function contextOf(
  store: PluginStore,
  { details = {}, at = '2026-05-01T10:00:00Z' }: { details?: object; at?: string } = {},
): MyPluginContext {
  const now = Date.parse(at)
  return {
    settings: myPluginSettings.parse({}),
    offer: {
      id: 'an-offer',
      title: { en: 'An offer', zh: '一项兑换' },
      details: myPluginOffer.parse(details),
      cashValueMinor: 1_000,
      currency: 'CNY',
    },
    redemption: { id: 'r-1', memberId: 'ann', points: 500, order: {}, at: now },
    calendar: openCalendar('Asia/Shanghai'),
    now,
    store,
    signal: new AbortController().signal,
  }
}

describe('a voucher', () => {
  it('lasts as long as the README works out', async () => {
    const rows = [...readme.matchAll(/^\| (\S+Z) \| (\{.*\}) \| (\S+Z) \|$/gm)]
    expect(rows.length).toBeGreaterThan(1)
    for (const [, at = '', details = '', expiresAt] of rows) {
      await withStore(async (store) => {
        const given = await fulfilMyPlugin(contextOf(store, { at, details: JSON.parse(details) }))
        const until = new Date(expiresAt ?? '').toISOString()
        expect(given).toMatchObject({ outcome: 'fulfilled', receipt: { expiresAt: until } })
      })
    }
  })

  it('is found by its code, however that was typed', () =>
    withStore(async (store) => {
      const given = await fulfilMyPlugin(contextOf(store))
      if (given.outcome !== 'fulfilled') throw new Error('nothing was given')
      const { code } = given.receipt as { code: string }
      const typed = ` ${code.toLowerCase().replace(/.{5}/g, '$&-')} `
      expect(await findVoucher(store, typed)).toMatchObject({ code, memberId: 'ann' })
      expect(await findVoucher(store, `${code}0`)).toBeNull()
    }))

  it('that an order used cannot be cancelled, and one that was cancelled cannot be used', () =>
    withStore(async (store) => {
      const context = contextOf(store)
      const given = await fulfilMyPlugin(context)
      if (given.outcome !== 'fulfilled') throw new Error('nothing was given')
      const { code } = given.receipt as { code: string }
      expect(await changeVoucher(store, code, { status: 'used', usedFor: 'o-1' })).toBe(true)
      expect(await changeVoucher(store, code, { status: 'void' })).toBe(false)
      expect(await cancelMyPlugin(context)).toEqual({ outcome: 'refused', code: 'MY_PLUGIN_USED' })
    }))
})

describe('the README', () => {
  it('names every setting with its default', () => {
    const told = [...readme.matchAll(/^\| `(\w+)` \| `(.+?)` \|/gm)].map(([, name, value]) => [
      name,
      JSON.parse(value ?? ''),
    ])
    expect(Object.fromEntries(told)).toEqual(myPluginSettings.parse({}))
  })

  it('names every refusal', () => {
    for (const code of Object.keys(redeemMyPlugin.refusals ?? {})) {
      expect(readme).toContain(`\`${code}\``)
    }
  })
})
