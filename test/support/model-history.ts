import { type Ledger, openLedger } from '@pointwell/ledger'
import { assertSame } from './assert-same.js'
import { type DrawnCommand, type DrawnStep, drawMove, Names } from './drawn-steps.js'
import { LedgerProbe } from './ledger-probe.js'
import type { OpenStore } from './ledger-stores.js'
import { type Move, type MoveCommand, moveCommand } from './move-command.js'
import { NaiveLedger, type NaiveOutcome } from './naive-ledger.js'
import { startOfUtcDay } from './utc-day.js'

const DAY = 86_400_000
const START = 20_000 * DAY
export const WALLETS = 3

export interface HistorySettings {
  readonly lanes: number
  readonly batchSize: number
  /** Wallets, lots and history are compared after each step, all there is to see after every so-manyth
   * and at the end. */
  readonly lookEvery: number
}

/**
 * A random history of a few members, told to the ledger by two servers at once and to a naive ledger
 * written for this test; what is seen of both must be the same. It has wallets of its own in a store
 * that many histories share.
 */
export class ModelHistory {
  private readonly model: NaiveLedger
  private readonly servers: readonly [Ledger, Ledger]
  private readonly clocks: [number, number] = [START, START]
  private readonly names: Names
  private readonly probe: LedgerProbe
  private readonly lookEvery: number
  private now = START
  /** Commands that were answered as expected. */
  commands = 0

  constructor(
    open: OpenStore,
    private readonly run: number,
    { lanes, batchSize, lookEvery }: HistorySettings,
  ) {
    const ids = Array.from({ length: WALLETS }, (_, place) => run * WALLETS + place)
    this.model = new NaiveLedger(ids, START)
    this.names = new Names(`run-${run}`)
    const server = (place: 0 | 1) =>
      openLedger({
        store: open.stores[place],
        clock: () => this.clocks[place],
        lanes,
        batchSize,
      })
    this.servers = [server(0), server(1)]
    this.probe = new LedgerProbe(open.stores[0], this.model)
    this.lookEvery = lookEvery
  }

  async tell(steps: readonly DrawnStep[]): Promise<void> {
    try {
      await this.servers[0].openWallets(this.model.wallets)
      await this.probe.begin()
      for (const [place, step] of steps.entries()) {
        await this.live(step)
        if ((place + 1) % this.lookEvery === 0) await this.probe.compare(this.now)
        else await this.probe.compareState()
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
    assertSame(await Promise.all(answers), expected, 'answers')
    this.commands += step.commands.length
    this.names.stepEnds()
    await this.afterwards(step)
  }

  private async afterwards({ afterwards: then }: DrawnStep): Promise<void> {
    const [server] = this.servers
    if (then === 'settle') {
      await this.probe.assertFindsDue(this.now)
      await server.settle(this.model.wallets)
      for (const id of this.model.wallets) this.model.touch(id, this.now)
    } else if (then === 'fold') await server.store.foldFigures(this.now - DAY, startOfUtcDay)
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
      const moves = [{ move: 'voidFrozen', ref: 'none' } as const]
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
