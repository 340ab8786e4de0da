import { type Ledger, openLedger, verifyLedger } from '@pointwell/ledger'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { availableStores, type StoreName } from '../support/databases.js'
import {
  type DrawnCommand,
  type DrawnStep,
  drawMove,
  drawnSteps,
  Names,
} from '../support/drawn-steps.js'
import { LedgerProbe } from '../support/ledger-probe.js'
import { type OpenStore, openFreshStore } from '../support/ledger-stores.js'
import { type Move, type MoveCommand, moveCommand } from '../support/move-command.js'
import { NaiveLedger, type NaiveOutcome } from '../support/naive-ledger.js'

/**
 * Random histories of a few members, told to the ledger by two servers at once and to a naive ledger
 * written for this test; after each step everything there is to see of both must be the same.
 *
 * POINTWELL_MODEL_RUNS histories a store (default: what fits into `npm test`); on a failure the seed
 * and the shortest history that fails are printed: POINTWELL_MODEL_SEED tells it again.
 */
const RUNS: Record<StoreName, number> = { memory: 80, sqlite: 30, mysql: 20 }
/** Many histories share one store, and the verification of it: a database is dear to make. */
const RUNS_A_STORE: Record<StoreName, number> = { memory: 1, sqlite: 25, mysql: 25 }
const DAY = 86_400_000
const START = 20_000 * DAY
const WALLETS = 3

describe.each(availableStores())('the ledger on %s', (name) => {
  const numRuns = Number(process.env.POINTWELL_MODEL_RUNS ?? RUNS[name])
  const seed = process.env.POINTWELL_MODEL_SEED
  let open: OpenStore | undefined
  let runs = 0

  afterAll(() => open?.close())

  async function storeForNextRun(): Promise<OpenStore> {
    if (!open || runs % RUNS_A_STORE[name] === 0) {
      await closeVerified()
      open = await openFreshStore(name)
    }
    runs++
    return open
  }

  async function closeVerified(): Promise<void> {
    if (!open) return
    const verified = await verifyLedger(open.stores[0])
    await open.close()
    open = undefined
    expect(verified, JSON.stringify(verified)).toMatchObject({ ok: true })
  }

  it(
    `L1–L5, L8: does as the naive ledger does, in ${numRuns} random histories`,
    async () => {
      await fc.assert(
        fc.asyncProperty(drawnSteps(WALLETS), fc.constantFrom(1, 3), async (steps, lanes) => {
          const store = await storeForNextRun()
          await new History(store, runs, lanes).tell(steps)
        }),
        { numRuns, ...(seed ? { seed: Number(seed) } : {}) },
      )
      await closeVerified()
    },
    Math.max(120_000, numRuns * 3_000),
  )
})

/** One history, on wallets of its own in a store that many share. */
class History {
  private readonly model: NaiveLedger
  private readonly servers: readonly [Ledger, Ledger]
  private readonly clocks: [number, number] = [START, START]
  private readonly names: Names
  private readonly probe: LedgerProbe
  private now = START

  constructor(
    open: OpenStore,
    private readonly run: number,
    lanes: number,
  ) {
    const ids = Array.from({ length: WALLETS }, (_, place) => run * WALLETS + place)
    this.model = new NaiveLedger(ids, START)
    this.names = new Names(`run-${run}`)
    const server = (place: 0 | 1) =>
      openLedger({
        store: open.stores[place],
        clock: () => this.clocks[place],
        lanes,
        batchSize: 5,
      })
    this.servers = [server(0), server(1)]
    this.probe = new LedgerProbe(open.stores[0], this.model)
  }

  async tell(steps: readonly DrawnStep[]): Promise<void> {
    try {
      await this.servers[0].openWallets(this.model.wallets)
      await this.probe.begin()
      for (const step of steps) {
        await this.live(step)
        await this.probe.compare(this.now)
      }
      await this.liveOn()
      await this.probe.compareWhole(this.now)
    } finally {
      for (const server of this.servers) await server.close()
    }
  }

  /** All commands of a step at once; wallets are spread over the servers. */
  private async live(step: DrawnStep): Promise<void> {
    this.now += step.passesMs
    this.clocks[0] = this.now
    this.clocks[1] = this.now - step.behindMs
    const before = new Set(this.model.posted.keys())
    const answers: Promise<NaiveOutcome>[] = []
    const expected: NaiveOutcome[] = []
    for (const command of step.commands) {
      const server = command.wallet % 2 === 0 || step.alone ? 0 : 1
      const { posted, outcome } = this.expect(command, this.clocks[server], before)
      expected.push(outcome)
      answers.push(outcomeOf(this.servers[server].post(moveCommand(posted))))
    }
    expect(await Promise.all(answers)).toEqual(expected)
    this.names.stepEnds()
    await this.afterwards(step)
  }

  private async afterwards({ afterwards: then }: DrawnStep): Promise<void> {
    const [server] = this.servers
    if (then === 'settle') {
      await this.probe.assertFindsDue(this.now)
      await server.settle(this.model.wallets)
      for (const id of this.model.wallets) this.model.touch(id, this.now)
    } else if (then === 'fold') await server.store.foldFigures(this.now - DAY)
    else if (then === 'seal') await server.seal()
  }

  /** What a drawn command is, given what has happened, and what must come of it. */
  private expect(
    command: DrawnCommand,
    now: number,
    before: ReadonlySet<string>,
  ): { posted: MoveCommand; outcome: NaiveOutcome } {
    const { model, names } = this
    const wallet = model.wallets[command.wallet]!
    const { kind, labels } = command
    if (kind === 'stranger') {
      const outcome: NaiveOutcome = {
        is: 'refused',
        code: 'WALLET_NOT_FOUND',
        figures: { field: 'wallet' },
      }
      const moves = [{ move: 'freeze', points: 1 } as const]
      return { posted: { wallet: 2 ** 40 + this.run, key: names.key(), moves }, outcome }
    }
    if (kind === 'replay') {
      const used = [...model.posted].filter(
        ([key, was]) => was.wallet === wallet || (command.ofOther && before.has(key)),
      )
      const known = used[command.which % Math.max(1, used.length)]
      if (known) return replayOf(known, wallet, command.change)
    }
    const key = command.reuse ? names.refusedKey() : names.key()
    const moves = kind === 'moves' ? command.moves : []
    const { moves: drawn, outcome } = model.post({
      wallet,
      key,
      now,
      draw: moves.map((move) => (state) => drawMove(move, state, names)),
    })
    if (outcome.is === 'refused' || outcome.is === 'fault') names.refused(key)
    // Only what touches no lot but its own can do without them.
    const lots = command.loadLots || drawn.some(({ move }) => move !== 'grant')
    const posted = { wallet, key, moves: drawn, lots, labels: { ...labels } as Labels }
    return { posted, outcome }
  }

  /** Long after: everything that ends by itself has ended. */
  private async liveOn(): Promise<void> {
    this.now += 1_000 * DAY
    this.clocks.fill(this.now)
    await this.servers[1].settle(this.model.wallets)
    for (const id of this.model.wallets) this.model.touch(id, this.now)
  }
}

type Labels = NonNullable<MoveCommand['labels']>
type Known = readonly [
  key: string,
  was: { readonly wallet: number; readonly version: number; readonly moves: readonly Move[] },
]

/** L4: the same key again, as it was or not. */
function replayOf([key, was]: Known, wallet: number, change: boolean) {
  const moves = [...was.moves]
  let field: string | undefined = was.wallet === wallet ? undefined : 'wallet'
  if (change) {
    field = `moves.${moves.length}`
    moves.push({ move: 'memo', memo: { changed: true } })
  }
  const outcome: NaiveOutcome =
    field === undefined
      ? { is: 'replayed', wallet, version: was.version }
      : { is: 'refused', code: 'IDEMPOTENCY_MISMATCH', figures: { field } }
  return { posted: { wallet, key, moves }, outcome }
}

async function outcomeOf(answer: ReturnType<Ledger['post']>): Promise<NaiveOutcome> {
  let posted: Awaited<typeof answer>
  try {
    posted = await answer
  } catch {
    return { is: 'fault' }
  }
  if (posted.refused) {
    const { detail, ...figures } = posted.figures
    return { is: 'refused', code: posted.code, figures }
  }
  const { wallet, version, result } = posted.transaction
  return posted.replayed
    ? { is: 'replayed', wallet, version }
    : { is: 'posted', wallet, version, result }
}
