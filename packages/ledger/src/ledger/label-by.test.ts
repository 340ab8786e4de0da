import { describe, expect, it } from 'vitest'
import { availableStores } from '../../../../test/support/databases.js'
import { openFreshStore } from '../../../../test/support/ledger-stores.js'
import {
  type Command,
  closeDraft,
  grantPoints,
  isRefusal,
  openDraft,
  openLedger,
  setMemo,
} from '../index.js'

const NONE = {}

const grant = (wallet: number, key: string, labels?: Record<string, string>): Command => ({
  wallet,
  key,
  content: { key },
  decide(view) {
    const draft = openDraft(view)
    const lot = grantPoints(draft, {
      kind: 'base',
      source: 'test',
      ref: key,
      points: 5,
      earnedAt: view.now,
      claimMs: null,
      expiresAt: view.now + 10,
    })
    if (isRefusal(lot)) return lot
    return closeDraft(draft, { type: 'grant', reason: 'test', ...(labels && { labels }) })
  },
})

describe.each(availableStores())('labels for all on %s', (name) => {
  it('are on every transaction, also on what is due by itself, and give way to its own', async () => {
    const { stores, close } = await openFreshStore(name)
    const store = stores[0]!
    let now = 1_000
    const ledger = openLedger({ store, clock: () => now })
    await ledger.openWallets([1, 2])
    await ledger.post(grant(1, 'before'))
    ledger.labelBy(({ id }, at) => ({ side: id % 2 ? 'odd' : 'even', at: `${at}` }))
    await ledger.post(grant(1, 'a'))
    await ledger.post(grant(2, 'b', { side: 'mine' }))
    const preview = await ledger.preview(grant(2, 'c'))
    expect(preview).toMatchObject({ transaction: { labels: { side: 'even', at: '1000' } } })
    // Ends by itself, some time later than it was due.
    now = 1_500
    expect((await ledger.sweep(10)).transactions).toBeGreaterThan(0)
    const labelsOf = async (wallet: number) =>
      (await store.findNewestTransactions([wallet], 9)).map(({ type, labels }) => [type, labels])
    const ended = (await store.findNewestTransactions([1], 1))[0]!
    expect(await labelsOf(1)).toEqual(
      expect.arrayContaining([
        ['expire', { side: 'odd', at: `${ended.recordedAt}` }],
        ['grant', { side: 'odd', at: '1000' }],
        ['grant', {}],
      ]),
    )
    expect((await labelsOf(2)).at(-1)).toEqual(['grant', { side: 'mine', at: '1000' }])
    // What is written stays as it was written, and figures are counted by it.
    ledger.labelBy(() => ({ side: 'other' }))
    const span = { from: 0, until: 2_000, under: 'issued:' }
    const figures = await store.sumFigures(span)
    expect(figures.map(({ labels, amount }) => [labels, Number(amount)])).toEqual([
      [{ at: '1000', side: 'mine' }, -5],
      [{ at: '1000', side: 'odd' }, -5],
      [{}, -5],
    ])
    await ledger.close()
    await close()
  })

  it('go by the memo as the decision saw it, also on what is due by itself', async () => {
    const { stores, close } = await openFreshStore(name)
    const store = stores[0]!
    let now = 1_000
    const ledger = openLedger({ store, clock: () => now })
    await ledger.openWallets([1])
    ledger.labelBy(({ memo: { side } }) => (side === undefined ? NONE : { side: `${side}` }))
    const write = (side: string): Command => ({
      wallet: 1,
      key: side,
      content: {},
      decide(view) {
        const draft = openDraft(view)
        setMemo(draft, { side })
        return closeDraft(draft, { type: 'note', reason: 'test' })
      },
    })
    // In one batch and in several.
    await Promise.all([ledger.post(grant(1, 'a')), ledger.post(write('left'))])
    await ledger.post(grant(1, 'b'))
    await ledger.post(write('right'))
    const preview = await ledger.preview(grant(1, 'c'))
    expect(preview).toMatchObject({ transaction: { labels: { side: 'right' } } })
    now = 1_500
    await ledger.sweep(10)
    const written = await store.findTransactions(1, { before: null, limit: 9 })
    expect(written.map(({ key, type, labels }) => [type === 'note' ? key : type, labels])).toEqual([
      ['expire', { side: 'right' }],
      ['right', { side: 'left' }],
      ['grant', { side: 'left' }],
      ['left', {}],
      ['grant', {}],
    ])
    await ledger.close()
    await close()
  })
})
