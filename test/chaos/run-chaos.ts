import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { audit } from './audit/audit.js'
import type { Finding } from './audit/finding.js'
import { readProgress } from './audit/read-books.js'
import { keepShop } from './clients/keeper.js'
import { type Door, send } from './clients/send.js'
import { shop } from './clients/shopper.js'
import { type Subscriber, subscribe } from './clients/subscriber.js'
import { openTokens } from './clients/tokens.js'
import { type Draw, openDraw } from './draw.js'
import { type LogBook, openLogBook, type Write } from './log/client-log.js'
import { breakThings } from './stage/break-things.js'
import { type ChaosStore, openStage, type Stage } from './stage/open-stage.js'
import { drawMoods, type PartnerLine } from './stage/partner-house.js'
import { makeProgramme, OUTCOMES, STAKE_ROUND } from './stage/programme.js'
import { stopServers, untilSettled, verify } from './stage/settle.js'

export interface ChaosOptions {
  readonly seed: number
  readonly store: ChaosStore
  readonly servers: number
  readonly clients: number
  readonly serverKills: number
  readonly databaseKills: number
  /** Whether servers tell each other of changes over a Redis, which is killed too. */
  readonly redis: boolean
  readonly redisKills: number
  /** How often the partner is down for some minutes of the servers' time; default 0. */
  readonly partnerOutages?: number
  /** How often the clock of a server jumps an hour, forwards or back; default 0. */
  readonly clockJumps?: number
  /** The clients go on until they have asked for so much; default 0: until the last kill is over. */
  readonly leastWrites?: number
  /** And until they have begun so many playbooks; default 0. */
  readonly leastPlaybooks?: number
  /** Told what happens while it happens. */
  readonly say?: (what: string) => void
}

export interface ChaosReport {
  readonly findings: readonly Finding[]
  readonly counts: Counts
  /** Database, logs of the servers, log of the clients. */
  readonly folder: string
  readonly databaseUrl: string
  readonly log: LogBook
  /** What the partner wrote down of what it did. */
  readonly partnerLines: readonly PartnerLine[]
  /** Ends what still runs; removes the folder unless somebody wants to look at it. */
  close(options: { keep: boolean }): Promise<void>
}

export interface Counts {
  readonly writes: number
  readonly attempts: number
  readonly acknowledged: number
  readonly refused: number
  /** Without any answer when the clients stopped; each was sent once more at the end. */
  readonly unacknowledged: number
  readonly heldAtTheEnd: number
  readonly subscribers: number
  readonly connections: number
  readonly changesSeen: number
}

const HOUR_MS = 3_600_000
const SEEN_WITHIN_MS = 180_000
/** Calls that a server has begun are over by then. */
const SETTLING_MS = 500

/**
 * Lets clients loose on servers that are killed, and answers with all that the auditor finds wrong
 * afterwards. Throws when the run itself cannot go on.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { say = () => {} } = options
  const draw = openDraw(options.seed)
  const { clockJumps = 0 } = options
  // Where clocks jump back, they are ahead to begin with: what clients tell of is never yet to come.
  const stage = await openStage({ ...options, aheadMs: clockJumps > 0 ? HOUR_MS : 0 })
  const log = openLogBook(join(stage.folder, 'clients.ndjson'))
  const subscribers: Subscriber[] = []
  const close = async ({ keep }: { keep: boolean }) => {
    for (const subscriber of subscribers) await subscriber.close()
    log.close()
    await stage.close({ keep })
  }
  try {
    const urls = stage.servers.map(({ url }) => url)
    const door: Door = { urls, tokens: openTokens(stage.secret), log }
    const members = Array.from({ length: options.clients }, (_, place) => `m-${place + 1}`)
    const now = Date.now() + stage.controls[0]!.aheadMs
    const { partner } = stage
    await makeProgramme(urls[0]!, { tokens: door.tokens, members, partner, now })
    partner.setMood(drawMoods(draw.fork()))
    members.forEach((member, place) => {
      // Some wallets have two who follow them; where there are two servers, from the other one.
      for (let number = 1; number <= (place % 3 === 0 ? 2 : 1); number++) {
        subscribers.push(
          subscribe({
            name: `${member}/${number}`,
            member,
            token: door.tokens.member(member),
            urls,
            home: (place + number) % urls.length,
            draw: draw.fork(),
            log,
          }),
        )
      }
    })
    const ended = await goThroughFaults({ options, stage, door, members, draw, say })
    const unacknowledged = log.writes.filter(isUnacknowledged)
    const { heldAtTheEnd, stuck } = await calmDown({ door, stage, unacknowledged, say })
    await untilAllSeen(subscribers, stage.databaseUrl)
    for (const subscriber of subscribers) await subscriber.close()
    const unruly = await stopServers(stage)
    say('auditing')
    const findings = [
      ...ended,
      ...unruly,
      ...stuck,
      ...(await audit(stage.databaseUrl, log, partner.lines)),
      ...(await verify(stage)),
    ]
    return {
      findings,
      counts: { ...countLog(log), unacknowledged: unacknowledged.length, heldAtTheEnd },
      folder: stage.folder,
      databaseUrl: stage.databaseUrl,
      log,
      partnerLines: partner.lines,
      close,
    }
  } catch (fault) {
    await close({ keep: true })
    throw new Error(`The run broke off; its logs are in ${stage.folder}.`, { cause: fault })
  }
}

async function goThroughFaults({
  options,
  stage,
  door,
  members,
  draw,
  say,
}: {
  options: ChaosOptions
  stage: Stage
  door: Door
  members: readonly string[]
  draw: Draw
  say: (what: string) => void
}): Promise<Finding[]> {
  let isOver = false
  const shopping = members.map((member, place) =>
    shop({
      name: `c${place + 1}`,
      member,
      draw: draw.fork(),
      door,
      home: place % door.urls.length,
      isOver: () => isOver,
    }),
  )
  shopping.push(keepShop({ draw: draw.fork(), door, isOver: () => isOver }))
  // A client that breaks off breaks the run off, but not before things are well again.
  const shopped = Promise.allSettled(shopping)
  let isBroken = false
  Promise.all(shopping).catch(() => {
    isBroken = true
  })
  let ended: readonly number[]
  try {
    const { endedByThemselves } = await breakThings(stage, {
      plan: { partnerOutages: 0, clockJumps: 0, ...options },
      draw: draw.fork(),
      progress: () => door.log.answered(),
      say,
    })
    ended = endedByThemselves
    const { leastWrites = 0, leastPlaybooks = 0 } = options
    const { writes } = door.log
    const playbooks = () => writes.filter(({ act }) => act === 'apply-playbook').length
    const isEnough = () => writes.length >= leastWrites && playbooks() >= leastPlaybooks
    do await sleep(1_000)
    while (!isEnough() && !isBroken)
  } finally {
    isOver = true
    await shopped
  }
  for (const outcome of await shopped) {
    if (outcome.status === 'rejected') throw outcome.reason
  }
  return ended.map((place) => ({
    rule: 'server',
    key: `server ${place}`,
    wallet: null,
    says: 'ended by itself',
  }))
}

/**
 * Sends everything that nobody answered once more. What may hold points waits until the jobs have
 * put it right by themselves: a hold must not need its client.
 */
async function calmDown({
  door,
  stage,
  unacknowledged,
  say,
}: {
  door: Door
  stage: Stage
  unacknowledged: readonly Write[]
  say: (what: string) => void
}): Promise<{ heldAtTheEnd: number; stuck: Finding[] }> {
  const isRedeem = ({ act }: Write) => act === 'redeem' || act === 'cancel-redemption'
  const again = (writes: readonly Write[]) =>
    Promise.all(
      writes.map((write, place) =>
        send(write, door, { server: place % door.urls.length, phase: 'end' }),
      ),
    )
  say(`sending ${unacknowledged.length} unanswered writes again`)
  await again(unacknowledged.filter((write) => !isRedeem(write)))
  const { databaseUrl, controls, partner } = stage
  partner.setMood(() => 'well')
  await sleep(SETTLING_MS)
  // Whatever waits for a time has its time now, on every server.
  const latest = Math.max(...controls.map(({ aheadMs }) => aheadMs)) + HOUR_MS
  await Promise.all(controls.map((it) => it.setAhead(latest, { isHeard: true })))
  await completeTopUps(door, databaseUrl)
  const { left, stuck } = await untilSettled(databaseUrl)
  if (left > 0)
    say(`${left} redemptions and playbooks were left open, and the jobs had to end them`)
  await again(unacknowledged.filter(isRedeem))
  await completeTopUps(door, databaseUrl)
  await settleStakes(door)
  const after = await untilSettled(databaseUrl)
  return { heldAtTheEnd: left, stuck: [...stuck, ...after.stuck] }
}

/** What somebody must do before it ends: a top-up waits for ever for the word that it was done. */
async function completeTopUps(door: Door, databaseUrl: string): Promise<void> {
  const { open } = await readProgress(databaseUrl)
  for (const { id, offer, member } of open) {
    if (!offer.startsWith('top-up')) continue
    const write = door.log.begin({
      act: 'complete-top-up',
      key: id,
      client: 'calm',
      member,
      asked: { redemptionId: id },
    })
    await send(write, door, { server: 0, phase: 'end' })
  }
}

async function settleStakes(door: Door): Promise<void> {
  const write = door.log.begin({
    act: 'settle-stake',
    key: STAKE_ROUND,
    client: 'calm',
    member: '',
    asked: { input: { roundId: STAKE_ROUND, outcome: OUTCOMES[0], reason: 'the final is over' } },
  })
  await send(write, door, { server: 0, phase: 'end' })
}

/** What is not there by then is missing, and the auditor says so. */
async function untilAllSeen(subscribers: readonly Subscriber[], databaseUrl: string) {
  for (const deadline = Date.now() + SEEN_WITHIN_MS; Date.now() < deadline; await sleep(200)) {
    const { versions } = await readProgress(databaseUrl)
    const isThere = ({ following, hasReached }: Subscriber) =>
      hasReached(versions.get(following.member) ?? 0)
    if (subscribers.every(isThere)) return
  }
}

function isUnacknowledged({ attempts }: Write): boolean {
  return attempts.every(({ outcome }) => 'silence' in outcome)
}

function countLog({ writes, followings }: LogBook) {
  const has = (word: 'answer' | 'refusal') =>
    writes.filter(({ attempts }) => attempts.some(({ outcome }) => word in outcome)).length
  return {
    writes: writes.length,
    attempts: writes.reduce((sum, { attempts }) => sum + attempts.length, 0),
    acknowledged: has('answer'),
    refused: has('refusal'),
    subscribers: followings.length,
    connections: followings.reduce((sum, { connections }) => sum + connections, 0),
    changesSeen: followings.reduce((sum, { seen }) => sum + seen.length, 0),
  }
}
