import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { availableStores } from '../../../../test/support/databases.js'
import { type OpenStore, openFreshStore } from '../../../../test/support/ledger-stores.js'
import {
  type Command,
  closeDraft,
  grantPoints,
  isRefusal,
  type Ledger,
  type NoticesOf,
  openDraft,
  openLedger,
  refuse,
} from '../index.js'

function grant(wallet: number, key: string, { expiresAt = null as number | null } = {}): Command {
  return {
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
        expiresAt,
      })
      if (isRefusal(lot)) return lot
      return closeDraft(draft, { type: 'grant', reason: 'test', result: key })
    },
  }
}

describe.each(availableStores())('notices on %s', (name) => {
  let open: OpenStore
  let last = 0
  const time = { now: 1_000 }
  beforeAll(async () => {
    open = await openFreshStore(name)
  })
  afterAll(() => open.close())

  /** A topic that no other test knows, and a ledger whose every transaction has a notice of it. */
  async function start(
    count: number,
    noticesOf?: (topic: string) => NoticesOf,
  ): Promise<{ ledger: Ledger; other: Ledger; topic: string; wallets: number[] }> {
    const topic = `topic-${++last}`
    const notices: NoticesOf =
      noticesOf?.(topic) ?? (({ key, type }) => [{ topic, body: { key, type } }])
    const [ledger, other] = open.stores.map((store) =>
      openLedger({ store, notices, clock: () => time.now }),
    ) as [Ledger, Ledger]
    const wallets = Array.from({ length: count }, (_, n) => last * 1_000 + n)
    await ledger.openWallets(wallets)
    return { ledger, other, topic, wallets }
  }
  let claims = 0
  const terms = (topic: string, more: { now?: number; limit?: number } = {}) => {
    const now = more.now ?? time.now
    return { topics: [topic], now, until: now + 60_000, claim: `${++claims}`, limit: 100, ...more }
  }

  it('are written with their transaction, and with what was due before it', async () => {
    const { ledger, topic, wallets } = await start(1)
    const [wallet] = wallets as [number]
    let told = 0
    ledger.onNotices(() => told++)
    await ledger.post(grant(wallet, `${topic}-a`, { expiresAt: time.now + 10 }))
    time.now += 10
    await ledger.post(grant(wallet, `${topic}-b`))
    expect(told).toBe(2)
    const due = await open.stores[1].findDueNotices([topic], { now: time.now, limit: 9 })
    expect(due.map(({ version, body }) => [version, body.type])).toEqual([
      [1, 'grant'],
      [2, 'expire'],
      [3, 'grant'],
    ])
    expect(due[0]).toMatchObject({
      topic,
      wallet,
      body: { key: `${topic}-a` },
      recordedAt: time.now - 10,
      dueAt: time.now - 10,
      attempts: 0,
      lastError: null,
    })
  })

  it('has none for a refusal, a replay, or a transaction that calls for none', async () => {
    const { ledger, topic, wallets } = await start(
      1,
      (topic) =>
        ({ key }) =>
          key.endsWith('quiet') ? [] : [{ topic, body: {} }],
    )
    const [wallet] = wallets as [number]
    let told = 0
    ledger.onNotices(() => told++)
    await ledger.post({ ...grant(wallet, `${topic}-a`), decide: () => refuse('LOT_NOT_FOUND') })
    await ledger.post(grant(wallet, `${topic}-quiet`))
    expect(told).toBe(0)
    await ledger.post(grant(wallet, `${topic}-b`))
    await ledger.post(grant(wallet, `${topic}-b`))
    expect(await ledger.notices.claim(terms(topic))).toHaveLength(1)
  })

  it('a fault in their making is that of its posting, and of no other in the batch', async () => {
    const { ledger, topic, wallets } = await start(3, (topic) => ({ wallet }) => {
      if (wallet % 1_000 === 1) throw new Error('no notice for you')
      return [{ topic, body: {} }]
    })
    const answers = await Promise.allSettled(
      wallets.map((wallet) => ledger.post(grant(wallet, `${topic}-${wallet}`))),
    )
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    const found = await ledger.store.findWallets(wallets)
    expect(found.map(({ version }) => version)).toEqual([1, 0, 1])
    const claimed = await ledger.notices.claim(terms(topic))
    // Those due at one moment are claimed in the order of their ids, and nobody said which of the
    // two was posted first.
    const theirs = claimed.map(({ wallet }) => wallet)
    expect(theirs.toSorted((a, b) => a - b)).toEqual([wallets[0], wallets[2]])
  })

  it('a topic that no store would take fails its posting alone', async () => {
    const { ledger, topic, wallets } = await start(3, (topic) => ({ wallet }) => [
      { topic: wallet % 1_000 === 1 ? '\ud800' : topic, body: {} },
    ])
    const answers = await Promise.allSettled(
      wallets.map((wallet) => ledger.post(grant(wallet, `${topic}-${wallet}`))),
    )
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  it('gives each to one claim, until that is over', async () => {
    const { ledger, other, topic, wallets } = await start(40)
    await Promise.all(wallets.map((wallet) => ledger.post(grant(wallet, `${topic}-${wallet}`))))
    const claimed = await Promise.all(
      [ledger, other, ledger, other].map((it) => it.notices.claim(terms(topic, { limit: 15 }))),
    )
    const seqs = claimed.flat().map(({ seq }) => seq)
    expect(new Set(seqs).size).toBe(seqs.length)
    for (;;) {
      const rest = await other.notices.claim(terms(topic, { limit: 15 }))
      if (rest.length === 0) break
      seqs.push(...rest.map(({ seq }) => seq))
    }
    expect(new Set(seqs).size).toBe(40)
    expect(seqs).toHaveLength(40)

    const late = terms(topic, { now: time.now + 60_000 })
    const again = await other.notices.claim(late)
    expect(again).toHaveLength(40)
    expect(again.every(({ attempts }) => attempts === 2)).toBe(true)
    await other.notices.end(late.claim, seqs)
    expect(await ledger.notices.claim(terms(topic, { now: time.now + 200_000 }))).toEqual([])
  })

  it('whoever lost a claim ends nothing of it', async () => {
    const { ledger, topic, wallets } = await start(1)
    await ledger.post(grant(wallets[0]!, `${topic}-a`))
    const first = terms(topic)
    const seqs = (await ledger.notices.claim(first)).map(({ seq }) => seq)
    const second = terms(topic, { now: first.until })
    expect(await ledger.notices.claim(second)).toHaveLength(1)
    await ledger.notices.end(first.claim, seqs)
    await ledger.notices.release(first.claim, seqs)
    await ledger.notices.postpone(first.claim, [{ seq: seqs[0]!, dueAt: 0, error: 'late' }])
    expect(await ledger.notices.claim(terms(topic, { now: first.until + 1 }))).toEqual([])
    const [left] = await ledger.notices.claim(terms(topic, { now: second.until }))
    expect(left).toMatchObject({ attempts: 3, lastError: null })
  })

  it('a failed one holds up what follows it in its wallet and topic, and nothing else', async () => {
    const { ledger, topic, wallets } = await start(2, (topic) => ({ key }) => [
      { topic, body: { key } },
      { topic: `${topic}-more`, body: { key } },
    ])
    const [one, two] = wallets as [number, number]
    for (const key of ['a', 'b', 'c']) await ledger.post(grant(one, `${topic}-${key}`))
    await ledger.post(grant(two, `${topic}-d`))
    const claim = terms(topic)
    const claimed = await ledger.notices.claim(claim)
    expect(claimed.map(({ wallet, version }) => [wallet, version])).toEqual([
      [one, 1],
      [one, 2],
      [one, 3],
      [two, 1],
    ])
    const [a, b, c, d] = claimed.map(({ seq }) => seq) as [number, number, number, number]
    await ledger.notices.end(claim.claim, [d])
    await ledger.notices.postpone(claim.claim, [
      { seq: a, dueAt: time.now + 500, error: `\ud800${'x'.repeat(9_000)}` },
    ])
    await ledger.notices.release(claim.claim, [b, c])
    expect(await ledger.notices.claim(terms(topic))).toEqual([])
    const more = await ledger.notices.claim({ ...terms(topic), topics: [`${topic}-more`] })
    expect(more).toHaveLength(4)

    const failed = (await ledger.store.findFailedNotices(1_000)).filter((it) => it.topic === topic)
    expect(failed).toMatchObject([{ seq: a, attempts: 1 }])
    expect(failed[0]?.lastError).toMatch(/^\ufffdx{499}$/)

    const next = terms(topic, { now: time.now + 500 })
    const alone = await ledger.notices.claim(next)
    expect(alone).toMatchObject([{ seq: a, attempts: 2 }])
    expect(await ledger.notices.claim(terms(topic, { now: time.now + 500 }))).toEqual([])
    await ledger.notices.end(next.claim, [a])
    const rest = await ledger.notices.claim(terms(topic, { now: time.now + 500 }))
    expect(rest).toMatchObject([
      { seq: b, attempts: 1 },
      { seq: c, attempts: 1 },
    ])
  })

  it('one with a time of its own waits for it, and nobody waits for it', async () => {
    const { ledger, topic, wallets } = await start(1, (topic) => ({ key, recordedAt }) => [
      { topic, body: { key }, ...(key.endsWith('later') && { dueAt: recordedAt + 1_000 }) },
    ])
    const [wallet] = wallets as [number]
    await ledger.post(grant(wallet, `${topic}-later`))
    await ledger.post(grant(wallet, `${topic}-now`))
    const claim = terms(topic)
    const claimed = await ledger.notices.claim(claim)
    expect(claimed.map(({ version }) => version)).toEqual([2])
    await ledger.notices.end(claim.claim, [claimed[0]!.seq])
    expect(await ledger.notices.claim(terms(topic, { now: time.now + 999 }))).toEqual([])
    const later = await ledger.notices.claim(terms(topic, { now: time.now + 1_000 }))
    expect(later.map(({ version }) => version)).toEqual([1])
  })

  it('finds those of several topics, the longest due first', async () => {
    const { ledger, topic, wallets } = await start(3, (topic) => ({ wallet }) => [
      { topic: `${topic}-${wallet % 2}`, body: {} },
    ])
    for (const wallet of wallets) {
      await ledger.post(grant(wallet, `${topic}-${wallet}`))
      time.now++
    }
    const topics = [`${topic}-0`, `${topic}-1`]
    const found = await ledger.store.findDueNotices(topics, { now: time.now, limit: 2 })
    expect(found.map(({ wallet }) => wallet)).toEqual(wallets.slice(0, 2))
    expect(await ledger.store.findDueNotices([], { now: time.now, limit: 2 })).toEqual([])
  })
})
