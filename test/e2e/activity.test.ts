import { referral } from '@pointwell/earn-referral'
import { describe, expect, it } from 'vitest'
import { dataOf } from '../support/ask-program.js'
import { availableStores } from '../support/databases.js'
import { DAY_MS, openTestProgram } from '../support/test-program.js'
import { assertDone, shop } from '../support/test-program-plugins.js'

describe.each(availableStores())('activity, on %s', (store) => {
  it('M5: is nothing that comes by itself: what a friend did, and what is lost with it', async () => {
    const settings = { confirmAfterMs: DAY_MS }
    const test = await openTestProgram(store, {
      plugins: [shop, referral],
      firstPolicy: { sources: { purchase: { settings }, referral: { settings: { points: 7 } } } },
    })
    const { program, time } = test
    await program.members.registerMany([{ id: 'ann' }, { id: 'bob' }])
    const event = { act: 'accept', line: ['bob'], device: null, payment: null, at: time.now }
    assertDone(await program.earn({ source: 'referral', memberId: 'ann', event }))
    const lines = [{ id: '1', quantity: 1, priceMinor: 500 }]
    const order = { orderId: 'o-1', at: time.now, lines, confirmed: false }
    assertDone(await program.earn({ source: 'purchase', memberId: 'ann', event: order }))
    const bought = new Date(time.now).toISOString()
    const joined = bought
    const seen = async () => {
      const fields = 'lastActiveAt wallet { balance { available } }'
      return dataOf(
        test,
        `{ ann: member(id: "ann") { ${fields} } bob: member(id: "bob") { ${fields} } }`,
      )
    }
    time.now += DAY_MS
    await program.notices.handleDue()
    expect(await seen()).toEqual({
      ann: { lastActiveAt: bought, wallet: { balance: { available: 5 } } },
      bob: { lastActiveAt: joined, wallet: { balance: { available: 7 } } },
    })
    time.now += DAY_MS
    assertDone(await program.cancelEarned({ source: 'purchase', once: 'o-1' }))
    await program.notices.handleDue()
    expect(await seen()).toEqual({
      ann: { lastActiveAt: bought, wallet: { balance: { available: 0 } } },
      bob: { lastActiveAt: joined, wallet: { balance: { available: 0 } } },
    })
  })
})
