import { readFile } from 'node:fs/promises'
import { behaviour } from '@pointwell/earn-behaviour'
import { checkIn } from '@pointwell/earn-check-in'
import { purchase } from '@pointwell/earn-purchase'
import { referral } from '@pointwell/earn-referral'
import { review } from '@pointwell/earn-review'
import type { Plugin } from '@pointwell/plugin'
import { programRefusals } from '@pointwell/program'
import { redeemCoupon } from '@pointwell/redeem-coupon'
import { redeemGame } from '@pointwell/redeem-game'
import { redeemGoods } from '@pointwell/redeem-goods'
import { redeemPartner } from '@pointwell/redeem-partner'
import { describe, expect, it } from 'vitest'

const PAGE = new URL('../../docs/reference/refusals.md', import.meta.url)

describe('docs/reference/refusals.md', () => {
  it('A2: has every code with its words, and no code that there is not', async () => {
    const plugins = [
      purchase,
      checkIn,
      behaviour,
      referral,
      review,
      redeemCoupon,
      redeemGoods,
      redeemGame,
      redeemPartner,
    ]
    const refusals = programRefusals(plugins as unknown as Plugin[])
    const page = await readFile(PAGE, 'utf8')
    const rows = page.split('\n').filter((line) => line.startsWith('| `'))
    const shown = rows.map((row) =>
      row
        .split('|')
        .slice(1, 4)
        .map((cell) => cell.trim()),
    )
    const known = Object.entries(refusals).map(([code, { en, zh }]) => [`\`${code}\``, en, zh])
    expect(shown.toSorted()).toEqual(known.toSorted())
    // The last column says which figures a screen gets, or that there are none.
    expect(rows.filter((row) => row.split('|').length !== 6)).toEqual([])
  })
})
