import { describe, expect, it } from 'vitest'
import { WalletInHand } from '../../../../test/support/wallet-in-hand.js'
import { closeDraft, openDraft, putRecord } from '../draft/draft.js'
import { grantPoints } from '../draft/grant-points.js'
import type { Command, Posting } from '../posting/posting.js'
import { recordKey } from '../posting/posting.js'
import { assertSound, UnsoundPosting } from './assert-sound.js'

/** A grant of 100 points to a wallet that has nothing, for a test to spoil. */
function sound(): { wallet: WalletInHand; posting: Posting } {
  const wallet = new WalletInHand()
  const draft = openDraft(wallet.view())
  grantPoints(draft, {
    kind: 'base',
    source: 'purchase',
    ref: null,
    points: 100,
    earnedAt: 0,
    claimMs: null,
    expiresAt: null,
  })
  return { wallet, posting: closeDraft(draft, { type: 'grant', reason: 'test' }) }
}

const entry = (account: string, amount: number, lot: number | null = 1) => ({
  account,
  lot,
  amount,
})

interface Spoilt {
  readonly what: string
  readonly posting: (posting: Posting) => Partial<Posting>
  readonly fault: string
}

const balance = ({ wallet }: Posting, change: object) => ({
  wallet: { ...wallet, balance: { ...wallet.balance, ...change } },
})

const SPOILT: readonly Spoilt[] = [
  {
    what: 'L1: entries that do not sum to zero',
    posting: (p) => ({ entries: [...p.entries, entry('expired', 1)] }),
    fault: 'lot 1 sum to 1',
  },
  {
    what: 'L1: entries that sum to zero only over different lots',
    posting: (p) => ({ entries: [...p.entries, entry('expired', 1, 2), entry('expired', -1)] }),
    fault: 'lot 1 sum to -1',
  },
  {
    what: 'L1: an entry of zero',
    posting: (p) => ({ entries: [...p.entries, entry('expired', 0)] }),
    fault: 'moves by 0',
  },
  {
    what: 'L1: a fraction of a point',
    posting: (p) => ({ entries: [...p.entries, entry('expired', 0.5), entry('issued:x', -0.5)] }),
    fault: 'moves by 0.5',
  },
  {
    what: 'L1: an amount that is no number',
    posting: (p) => ({ entries: [...p.entries, entry('expired', NaN)] }),
    fault: 'moves by NaN',
  },
  {
    what: 'L1: an amount beyond what is exact',
    posting: () => ({ entries: [entry('a', 2 ** 53), entry('b', -(2 ** 53))] }),
    fault: 'moves by',
  },
  {
    what: 'L3: a balance that the entries do not make',
    posting: (p) => balance(p, { available: 101 }),
    fault: 'available is 101, entries make it 100',
  },
  {
    what: 'L3: a balance below zero',
    posting: (p) => ({
      ...balance(p, { held: -1, frozen: 1 }),
      entries: [...p.entries, entry('held', -1), entry('frozen', 1)],
    }),
    fault: 'held would be -1',
  },
  {
    what: 'L5: a debt beside available points',
    posting: (p) => ({
      ...balance(p, { debt: 5 }),
      entries: [...p.entries, entry('debt', -5), entry('clawed-back', 5)],
    }),
    fault: 'owes points and has some to pay with',
  },
  {
    what: 'another version than the next',
    posting: ({ wallet }) => ({ wallet: { ...wallet, version: 2 } }),
    fault: 'another version',
  },
  {
    what: 'another wallet',
    posting: ({ wallet }) => ({ wallet: { ...wallet, id: 2 } }),
    fault: 'wallet 2',
  },
  {
    what: 'a counter that was not asked for',
    posting: () => ({ counters: new Map([['stock:b', 1]]) }),
    fault: 'counter stock:b was not asked for',
  },
  {
    what: 'a counter that would no longer be exact',
    posting: () => ({ counters: new Map([['stock:a', Number.MAX_SAFE_INTEGER]]) }),
    fault: 'counter stock:a would be',
  },
  {
    what: 'a counter that would be no number',
    posting: () => ({ counters: new Map([['stock:a', NaN]]) }),
    fault: 'counter stock:a would be NaN',
  },
  {
    what: 'a record that was not asked for: it may be there, unseen',
    posting: () => ({ records: [{ kind: 'order', ref: '2', wallet: 1, body: {}, dueAt: null }] }),
    fault: 'record order 2 was not asked for',
  },
  {
    what: "another member's record",
    posting: () => ({ records: [{ kind: 'order', ref: '9', wallet: 1, body: {}, dueAt: null }] }),
    fault: 'record order 9 belongs to wallet 2',
  },
  {
    what: 'a record in the name of another member',
    posting: () => ({ records: [{ kind: 'order', ref: '1', wallet: 2, body: {}, dueAt: null }] }),
    fault: 'record order 1 belongs to',
  },
]

const NEEDS: Command['needs'] = {
  counters: ['stock:a'],
  records: [
    { kind: 'order', ref: '1' },
    { kind: 'order', ref: '9' },
  ],
}

describe('assertSound', () => {
  it('lets through what the moves make', () => {
    const { wallet, posting } = sound()
    wallet.counters.set('stock:a', 5)
    const record = { kind: 'order', ref: '1', wallet: 1, body: {}, dueAt: null }
    const whole = { ...posting, records: [record], counters: new Map([['stock:a', -5]]) }
    expect(() => assertSound(wallet.view(), whole, NEEDS)).not.toThrow()
  })

  it.each(SPOILT)('throws on $what', ({ posting: spoil, fault }) => {
    const { wallet, posting } = sound()
    wallet.counters.set('stock:a', 5)
    const other = { kind: 'order', ref: '9', wallet: 2, body: {}, dueAt: null }
    wallet.records.set(recordKey(other), other)
    const spoilt = { ...posting, ...spoil(posting) }
    const judge = () => assertSound(wallet.view(), spoilt, NEEDS)
    expect(judge).toThrow(UnsoundPosting)
    expect(judge).toThrow(fault)
  })

  it('judges a record by what was asked for, whoever put it into the draft', () => {
    const { wallet } = sound()
    const draft = openDraft(wallet.view())
    putRecord(draft, { kind: 'order', ref: '1', body: {}, dueAt: null })
    const posting = closeDraft(draft, { type: 'note', reason: 'test' })
    expect(() => assertSound(wallet.view(), posting)).toThrow('record order 1 was not asked for')
    expect(() => assertSound(wallet.view(), posting, NEEDS)).not.toThrow()
  })
})
