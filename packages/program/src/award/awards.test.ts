import { isRefusal, verifyLedger } from '@pointwell/ledger'
import { type Award, type Fulfilment, type PluginFault, step } from '@pointwell/plugin'
import { describe, expect, it } from 'vitest'
import { availableStores, type StoreName } from '../../../../test/support/databases.js'
import { balanceOf, openTestProgram } from '../../../../test/support/test-program.js'
import { assertDone, scriptedChannel, shop } from '../../../../test/support/test-program-plugins.js'

const won = (points: number, more: Partial<Award> = {}): Award => ({
  points,
  because: [step('prize', points)],
  ...more,
})

async function open(store: StoreName, answers: Fulfilment[]) {
  const faults: PluginFault[] = []
  const channel = scriptedChannel({
    fulfil: async () => answers.shift() ?? { outcome: 'fulfilled', receipt: {} },
    cancel: async () => 'cancelled',
  })
  const test = await openTestProgram(store, {
    plugins: [shop, channel],
    onPluginFault: (fault) => faults.push(fault),
  })
  const { program, time } = test
  await program.members.registerMany([{ id: 'ann' }])
  const lines = [{ id: '1', quantity: 1, priceMinor: 100_000 }]
  const event = { orderId: 'o', at: time.now, lines }
  assertDone(await program.earn({ source: 'purchase', memberId: 'ann', event }))
  const offer = {
    id: 'draw',
    channel: 'shelf',
    title: { en: 'Draw', zh: '抽奖' },
    cashValue: '1.00 CNY',
    price: { byHand: 100 },
  } as const
  assertDone(await program.offers.create(offer))
  const redeem = async (idempotencyKey: string) => {
    const answer = await program.redeem({ memberId: 'ann', offerId: 'draw', idempotencyKey })
    assertDone(answer)
    return answer
  }
  return { ...test, redeem, faults }
}

describe.each(availableStores())('awards of channels on %s', (store) => {
  it('R12: what a redemption wins is posted with what it costs, once', async () => {
    const test = await open(store, [{ outcome: 'fulfilled', receipt: 1, award: won(250) }])
    const { program } = test
    const play = await test.redeem('k')
    expect(play).toMatchObject({ status: 'fulfilled', points: 100, receipt: 1, offerId: 'draw' })
    expect(await test.redeem('k')).toEqual(play)
    expect(await program.findRedemption(play.id)).toEqual(play)
    expect((await balanceOf(test, 'ann')).balance).toMatchObject({ available: 1_150, held: 0 })
    const redemption = await program.redemptions.find(play.id)
    expect(redemption?.award).toEqual({ points: 250, kind: 'bonus' })
    const [capture] = await test.ledger.store.findTransactions(1, { before: null, limit: 1 })
    expect(capture).toMatchObject({
      type: 'capture',
      explanation: [{ step: 'prize', points: 250 }],
    })
    expect(capture?.entries).toContainEqual({ account: 'issued:shelf', lot: 2, amount: -250 })
    expect(await program.redemptions.cancel(play.id)).toMatchObject({
      code: 'REDEMPTION_NOT_CANCELLABLE',
    })
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  })

  it('R12: a kind that the policy has is kept, another gives way', async () => {
    const test = await open(store, [
      { outcome: 'fulfilled', receipt: 1, award: won(5, { kind: 'campaign' }) },
      { outcome: 'fulfilled', receipt: 2, award: won(7, { kind: 'nowhere' }) },
    ])
    const kinds = await Promise.all(
      ['a', 'b'].map(async (key) => {
        const { id } = await test.redeem(key)
        return (await test.program.redemptions.find(id))?.award?.kind
      }),
    )
    expect(kinds.sort()).toEqual(['bonus', 'campaign'])
  })

  it.each([
    ['no points', won(0)],
    ['half a point', won(0.5)],
    ['less than nothing', won(-1)],
    ['steps that sum to something else', won(3, { because: [step('prize', 2)] })],
    ['no steps', { points: 1 } as Award],
  ])('G4: an award of %s is nonsense, and nobody knows what came of it', async (_, award) => {
    const test = await open(store, [{ outcome: 'fulfilled', receipt: 1, award }])
    expect(await test.redeem('k')).toMatchObject({ status: 'unknown' })
    expect(test.faults).toHaveLength(1)
    expect((await balanceOf(test, 'ann')).balance).toMatchObject({ available: 900, held: 100 })
  })

  it('R12: what a channel owes later is given once a key, and explained', async () => {
    const test = await open(store, [])
    const award = (more: object = {}) =>
      test.program.award({
        memberId: 'ann',
        plugin: 'shelf',
        idempotencyKey: 'pool-1',
        ...won(40),
        ...more,
      })
    const [first, again] = await Promise.all([award(), award()])
    assertDone(first)
    assertDone(again)
    expect(first.transaction.version).toBe(again.transaction.version)
    expect([first.replayed, again.replayed].filter(Boolean)).toHaveLength(1)
    expect(first.transaction).toMatchObject({
      type: 'grant',
      reason: 'award:shelf',
      explanation: [{ step: 'prize', points: 40 }],
    })
    expect((await balanceOf(test, 'ann')).balance.available).toBe(1_040)
    const codes = [award({ points: 41 }), award({ memberId: 'bob' }), award({ idempotencyKey: '' })]
    expect((await Promise.all(codes)).map((it) => isRefusal(it) && it.figures.field)).toEqual([
      'points',
      'memberId',
      'idempotencyKey',
    ])
    expect(await verifyLedger(test.ledger.store)).toMatchObject({ ok: true })
  })

  it('finds an offer of the channel’s own, and no other', async () => {
    const { program } = await open(store, [])
    expect(await program.findOffer('shelf', 'draw')).toMatchObject({
      id: 'draw',
      cashValueMinor: 100,
      currency: 'CNY',
    })
    expect(await program.findOffer('coupon', 'draw')).toBeNull()
    expect(await program.findOffer('shelf', 'tea')).toBeNull()
  })
})
