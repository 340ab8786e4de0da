import { type Balance, type Ledger, openLedger } from '@pointwell/ledger'
import { openLedgerReads } from '@pointwell/ledger/graphql'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { availableStores, type StoreName } from '../support/databases.js'
import { type DrawnStep, drawMove, drawnSteps, Names } from '../support/drawn-steps.js'
import { type OpenStore, openFreshStore } from '../support/ledger-stores.js'
import { moveCommand } from '../support/move-command.js'
import { NaiveLedger } from '../support/naive-ledger.js'

const DAY = 86_400_000
const START = 20_000 * DAY
const WALLETS = 2
const HISTORIES: Record<StoreName, number> = { memory: 120, sqlite: 25, mysql: 12 }

/** What was to be seen of a wallet at a moment. */
interface Note {
  readonly wallet: number
  readonly at: number
  readonly shown: Balance
}

/** Between two steps somebody looks; `reads`: through the ordinary read, which does what is due. */
const looks = fc.array(fc.record({ percent: fc.nat({ max: 100 }), reads: fc.boolean() }), {
  maxLength: 3,
})
const histories = fc
  .tuple(drawnSteps(WALLETS, 6), fc.infiniteStream(looks))
  .map(([steps, stream]) =>
    steps.map((step) => ({
      step,
      looks: stream.next().value as { percent: number; reads: boolean }[],
    })),
  )

describe.each(availableStores())('L7: a wallet at a past moment on %s', (name) => {
  let open: OpenStore
  let run = 0
  beforeAll(async () => {
    open = await openFreshStore(name)
  })
  afterAll(() => open.close())

  it('is what was shown then, however late what was due got written', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        run++
        const ids = Array.from({ length: WALLETS }, (_, place) => run * WALLETS + place)
        const told = new ToldHistory(open, ids, `then-${run}`)
        for (const { step, looks } of history) await told.live(step, looks)
        await told.lookBack()
      }),
      { numRuns: HISTORIES[name] },
    )
  })
})

/** A history told to the ledger and to the naive ledger, which never settles before it is told to:
 * what it would show at a moment is worked out on a copy, so that the real one stays untouched. */
class ToldHistory {
  private now = START
  private readonly notes: Note[] = []
  private readonly model: NaiveLedger
  private readonly names: Names
  private readonly ledger: Ledger

  constructor(
    open: OpenStore,
    private readonly ids: readonly number[],
    name: string,
  ) {
    this.model = new NaiveLedger(ids, START)
    this.names = new Names(name)
    this.ledger = openLedger({ store: open.stores[0], clock: () => this.now })
  }

  async live(
    step: DrawnStep,
    looks: readonly { readonly percent: number; readonly reads: boolean }[],
  ): Promise<void> {
    await this.ledger.openWallets(this.ids)
    const before = this.now
    for (const { percent, reads } of looks.toSorted((a, b) => a.percent - b.percent)) {
      this.now = before + Math.floor((step.passesMs * percent) / 100)
      await this.look(reads)
    }
    // A millisecond later than anybody looked: a moment is meant to the end of its millisecond.
    this.now = before + step.passesMs + 1
    for (const command of step.commands) {
      if (command.kind !== 'moves') continue
      const wallet = this.ids[command.wallet]!
      const key = this.names.key()
      const { moves } = this.model.post({
        wallet,
        key,
        now: this.now,
        draw: command.moves.map((drawn) => (state) => drawMove(drawn, state, this.names)),
      })
      await this.ledger.post(moveCommand({ wallet, key, moves })).catch(() => undefined)
    }
    await this.look(false)
  }

  /** Asks again for everything that was seen: one by one as a storefront does, and all at once. */
  async lookBack(): Promise<void> {
    try {
      this.now += 400 * DAY
      const { store } = this.ledger
      const reads = this.reads()
      for (const { wallet, at, shown } of this.notes.slice(0, 40)) {
        expect(await reads.findBalanceAt({ wallet, at })).toEqual(shown)
      }
      await this.ledger.settle(this.ids)
      expect(await store.findBalancesAt(this.notes)).toEqual(this.notes.map(({ shown }) => shown))
      const begin = this.ids.map((wallet) => ({ wallet, at: START }))
      for (const balance of await store.findBalancesAt(begin)) {
        expect(Object.values(balance!).every((points) => points === 0)).toBe(true)
      }
    } finally {
      await this.ledger.close()
    }
  }

  private async look(reads: boolean): Promise<void> {
    for (const wallet of this.ids) {
      const then = this.model.wallet(wallet).copy()
      then.settle(this.now)
      const shown = then.balance as Balance
      if (reads) {
        expect((await this.reads().findWallet(wallet))!.balance).toEqual(shown)
        this.model.touch(wallet, this.now)
      }
      this.notes.push({ wallet, at: this.now, shown })
    }
  }

  private reads() {
    const { store } = this.ledger
    const settle = (wallets: readonly number[]) => this.ledger.settle(wallets)
    return openLedgerReads({ source: { ...store, settle }, now: () => this.now })
  }
}
