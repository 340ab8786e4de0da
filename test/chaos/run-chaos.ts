import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { findRoot } from '../support/server-process.js'
import { audit } from './audit/audit.js'
import type { Finding } from './audit/finding.js'
import { readProgress } from './audit/read-books.js'
import { type Door, send } from './clients/send.js'
import { shop } from './clients/shopper.js'
import { type Subscriber, subscribe } from './clients/subscriber.js'
import { openTokens } from './clients/tokens.js'
import { type Draw, openDraw } from './draw.js'
import { type LogBook, openLogBook, type Write } from './log/client-log.js'
import { breakThings } from './stage/break-things.js'
import { type ChaosStore, openStage, type Stage } from './stage/open-stage.js'
import { makeProgramme } from './stage/programme.js'

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
  /** The clients go on until they have asked for so much; default 0: until the last kill is over. */
  readonly leastWrites?: number
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

/** A lease of twelve seconds, that of a job that died with its server, and as much again. */
const SETTLED_WITHIN_MS = 150_000
const SEEN_WITHIN_MS = 60_000

/**
 * Lets clients loose on servers that are killed, and answers with all that the auditor finds wrong
 * afterwards. Throws when the run itself cannot go on.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { say = () => {} } = options
  const draw = openDraw(options.seed)
  const stage = await openStage(options)
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
    await makeProgramme(urls[0]!, { tokens: door.tokens, members })
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
    const { heldAtTheEnd, stuck } = await calmDown({
      door,
      databaseUrl: stage.databaseUrl,
      unacknowledged,
      say,
    })
    await untilAllSeen(subscribers, stage.databaseUrl)
    for (const subscriber of subscribers) await subscriber.close()
    const unruly = await stopServers(stage)
    say('auditing')
    const findings = [
      ...ended,
      ...unruly,
      ...stuck,
      ...(await audit(stage.databaseUrl, log)),
      ...(await verify(stage)),
    ]
    return {
      findings,
      counts: { ...countLog(log), unacknowledged: unacknowledged.length, heldAtTheEnd },
      folder: stage.folder,
      databaseUrl: stage.databaseUrl,
      log,
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
  // A client that breaks off breaks the run off, but not before things are well again.
  const shopped = Promise.allSettled(shopping)
  let isBroken = false
  Promise.all(shopping).catch(() => {
    isBroken = true
  })
  let ended: readonly number[]
  try {
    const { endedByThemselves } = await breakThings(stage, {
      plan: options,
      draw: draw.fork(),
      progress: () => door.log.answered(),
      say,
    })
    ended = endedByThemselves
    const { leastWrites = 0 } = options
    do await sleep(1_000)
    while (door.log.writes.length < leastWrites && !isBroken)
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
  databaseUrl,
  unacknowledged,
  say,
}: {
  door: Door
  databaseUrl: string
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
  const { left, stuck } = await untilSettled(databaseUrl)
  if (left > 0) say(`${left} redemptions were left open, and the jobs had to end them`)
  await again(unacknowledged.filter(isRedeem))
  const after = await untilSettled(databaseUrl)
  return { heldAtTheEnd: left, stuck: [...stuck, ...after.stuck] }
}

/** Waits until no redemption is open, or the time is up; answers with how many were at first, and
 * with those that still are. */
async function untilSettled(databaseUrl: string): Promise<{ left: number; stuck: Finding[] }> {
  const { open: first } = await readProgress(databaseUrl)
  let open = first
  for (const deadline = Date.now() + SETTLED_WITHIN_MS; open.length > 0; ) {
    if (Date.now() > deadline) break
    await sleep(500)
    ;({ open } = await readProgress(databaseUrl))
  }
  const stuck = open.map(({ id, wallet, status }) => ({
    rule: 'hold',
    key: `redemption ${id}`,
    wallet,
    says: `was ${status} for ${SETTLED_WITHIN_MS / 1_000} seconds of calm`,
  }))
  return { left: first.length, stuck }
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

async function stopServers({ servers }: Stage): Promise<Finding[]> {
  const codes = await Promise.all(servers.map((server) => server.stop()))
  return codes.flatMap((code, place) =>
    code === 0
      ? []
      : [{ rule: 'server', key: `server ${place}`, wallet: null, says: `stopped with ${code}` }],
  )
}

/** The product's own word on its books, asked as an operator would. */
function verify({ databaseUrl, folder }: Stage): Promise<Finding[]> {
  const cli = fileURLToPath(new URL('apps/server/dist/cli/main.js', findRoot()))
  const env = { PATH: process.env.PATH, POINTWELL_DATABASE_URL: databaseUrl }
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, 'verify'], { cwd: folder, env }, (fault, out, err) => {
      const says = `${out}${err}`.trim()
      resolve(fault ? [{ rule: 'verify', key: 'verify', wallet: null, says }] : [])
    })
  })
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
