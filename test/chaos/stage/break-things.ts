import { setTimeout as sleep } from 'node:timers/promises'
import type { ServerProcess } from '../../support/server-process.js'
import type { Draw } from '../draw.js'
import type { Stage } from './open-stage.js'

export interface FaultPlan {
  readonly serverKills: number
  readonly databaseKills: number
  readonly redisKills: number
  readonly partnerOutages: number
  readonly clockJumps: number
}

/** Something to do harm to; answers when it is well again. */
type Fault = () => Promise<void>

const SERVER_MUST_COME_BACK_MS = 180_000
const BUSY_WITHIN_MS = 20_000
const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/**
 * Kills servers, the database and Redis so many times, has the partner away and clocks jump, in an order
 * and at moments that are drawn. Each is
 * started again at once, as a service manager would; the next blow may fall before that is done, but
 * of two servers one always stands. Answers with the servers that ended without a kill, by their
 * places: losing the database is no reason to end.
 */
export async function breakThings(
  { servers, controls, mariadb, redis, partner }: Omit<Stage, 'close'>,
  {
    plan,
    draw,
    progress,
    say,
  }: {
    readonly plan: FaultPlan
    readonly draw: Draw
    /** How often clients were answered so far. */
    readonly progress: () => number
    readonly say: (what: string) => void
  },
): Promise<{ readonly endedByThemselves: readonly number[] }> {
  const endedByThemselves: number[] = []
  const killServer: Fault = async () => {
    const place = draw.between(0, servers.length - 1)
    if (!servers[place]!.isRunning()) endedByThemselves.push(place)
    say(`server ${place} killed`)
    await servers[place]!.kill()
    await sleep(draw.between(0, 300))
    await comeBack(servers[place]!)
    say(`server ${place} is back`)
  }
  const killDatabase: Fault = async () => {
    say('database killed')
    await mariadb!.kill()
    await sleep(draw.between(0, 1_000))
    await mariadb!.restart()
    say('database is back')
  }
  const killRedis: Fault = async () => {
    const onlyHangs = draw.chance(0.3)
    say(onlyHangs ? 'redis hangs' : 'redis killed')
    if (onlyHangs) redis!.hang()
    else await redis!.kill()
    await sleep(draw.between(0, 3_000))
    if (onlyHangs) redis!.wake()
    else await redis!.restart()
    say('redis is back')
  }

  /** For minutes of the servers' clocks, of which most go by at once. */
  const takePartnerAway: Fault = async () => {
    say('partner is away')
    partner.setDown(true)
    for (let minutes = draw.between(2, 5); minutes > 0; minutes--) {
      await sleep(draw.between(200, 600))
      for (const control of controls) await control.setAhead(control.aheadMs + MINUTE_MS)
    }
    partner.setDown(false)
    say('partner is back')
  }
  /** An hour forwards or back: of two servers by themselves, so that they differ. */
  const jumpClock: Fault = async () => {
    const place = draw.between(0, controls.length - 1)
    const control = controls[place]!
    const back = control.aheadMs >= HOUR_MS && draw.chance(0.5)
    const to = control.aheadMs + (back ? -HOUR_MS : HOUR_MS)
    say(`clock of server ${place} jumps ${back ? 'back' : 'forwards'}`)
    await control.setAhead(to > 2.5 * HOUR_MS ? to - 2 * HOUR_MS : to)
    await sleep(draw.between(300, 900))
  }

  const underway = new Map<Fault, Promise<void>>()
  let isCalm = true
  for (const fault of drawnOrder()) {
    // Never two of the same kind at once, so that of two servers one always stands.
    await underway.get(fault)
    if (isCalm) await untilBusy()
    else await sleep(draw.between(0, 1_500))
    const healed = fault()
    underway.set(fault, healed)
    healed.catch(() => {})
    isCalm = draw.chance(0.7)
    if (isCalm) await Promise.all(underway.values())
  }
  await Promise.all(underway.values())
  servers.forEach((server, place) => {
    if (!server.isRunning()) endedByThemselves.push(place)
  })
  return { endedByThemselves }

  /** By what was done and not by the clock: a slow machine must not be killed before it does anything. */
  async function untilBusy() {
    const enough = progress() + draw.between(1, 120)
    const deadline = Date.now() + BUSY_WITHIN_MS
    while (progress() < enough && Date.now() < deadline) await sleep(draw.between(1, 20))
  }

  function drawnOrder(): Fault[] {
    const faults = [
      ...Array<Fault>(plan.serverKills).fill(killServer),
      ...Array<Fault>(mariadb ? plan.databaseKills : 0).fill(killDatabase),
      ...Array<Fault>(redis ? plan.redisKills : 0).fill(killRedis),
      ...Array<Fault>(plan.partnerOutages).fill(takePartnerAway),
      ...Array<Fault>(plan.clockJumps).fill(jumpClock),
    ]
    for (let left = faults.length; left > 1; left--) {
      const other = draw.between(0, left - 1)
      const [one, two] = [faults[left - 1]!, faults[other]!]
      faults[left - 1] = two
      faults[other] = one
    }
    return faults
  }
}

/** A server ends at once when it is started without its database, and is started again. */
async function comeBack(server: ServerProcess): Promise<void> {
  for (const deadline = Date.now() + SERVER_MUST_COME_BACK_MS; ; await sleep(200)) {
    try {
      return await server.restart()
    } catch (fault) {
      if (Date.now() > deadline) throw fault
    }
  }
}
