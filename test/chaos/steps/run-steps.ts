import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { audit } from '../audit/audit.js'
import type { Finding } from '../audit/finding.js'
import { readWallets } from '../audit/read-books.js'
import { ask } from '../clients/ask.js'
import { type Door, send } from '../clients/send.js'
import { openTokens } from '../clients/tokens.js'
import { type LogBook, type Outcome, openLogBook, type Write } from '../log/client-log.js'
import type { Control } from '../stage/control.js'
import { type ChaosStore, openStage, type Stage } from '../stage/open-stage.js'
import { makeProgramme, mustOn } from '../stage/programme.js'
import { stopServers, untilSettled, verify } from '../stage/settle.js'
import { type Placed, packSteps } from './pack-steps.js'
import type { SagaPart } from './sagas.js'
import { slotOffers, slotPartners } from './slot-offers.js'
import type { Step } from './steps.js'

export interface StepsReport {
  readonly findings: readonly Finding[]
  /** Steps that a server was really stopped at. */
  readonly hit: ReadonlySet<string>
  /** How often a server was killed. */
  readonly kills: number
  readonly folder: string
  close(options: { keep: boolean }): Promise<void>
}

/** All members order at once: that takes its time on a slow machine, and here nobody is away for long. */
const ANSWERED_WITHIN_MS = 120_000
const HIT_WITHIN_MS = 120_000
/** More than a lease, that of a job whose server died, and the time there is to pay. */
const LATER_MS = 3 * 60_000
/**
 * Kills a server at each of the steps, by name, starts it again, and answers with what the auditor finds wrong
 * afterwards, and which sagas did not come to their right end. Of two servers it is the first that is killed, and
 * the second has to go on with what it left. Where the store lets transactions stand
 * side by side, one kill falls on several sagas, each at another step.
 */
export async function runSteps({
  store,
  steps,
  servers = 1,
  say = () => {},
}: {
  readonly store: ChaosStore
  readonly steps: readonly Step[]
  /** Two: what the first is killed over, the other one ends, which stands beside it all the time. */
  readonly servers?: number
  readonly say?: (what: string) => void
}): Promise<StepsReport> {
  const stage = await openStage({ store, servers, redis: false, withPoints: true })
  const log = openLogBook(join(stage.folder, 'clients.ndjson'))
  const close = async ({ keep }: { keep: boolean }) => {
    log.close()
    await stage.close({ keep })
  }
  try {
    const urls = stage.servers.map(({ url }) => url)
    const door: Door = {
      urls,
      tokens: openTokens(stage.secret),
      log,
      timeoutMs: ANSWERED_WITHIN_MS,
    }
    const members = await openMembers(stage, door, steps.length)
    const run: Run = { stage, door, log, hit: new Set(), findings: [], say }
    const groups = packSteps(steps, { members, sideBySide: store === 'mysql' })
    for (const group of groups) await killAtSteps(run, group)
    // What was asked for at the very end and waits for money.
    await goOnLater(stage.controls, { isHeard: true })
    const { stuck } = await untilSettled(stage.databaseUrl)
    run.findings.push(...stuck, ...(await stopServers(stage)))
    run.findings.push(...(await audit(stage.databaseUrl, log, stage.partner.lines)))
    run.findings.push(...(await verify(stage)))
    const { findings, hit } = run
    return { findings, hit, kills: groups.length, folder: stage.folder, close }
  } catch (fault) {
    await close({ keep: true })
    throw new Error(`The run broke off; its logs are in ${stage.folder}.`, { cause: fault })
  }
}

interface Run {
  readonly stage: Stage
  readonly door: Door
  readonly log: LogBook
  readonly hit: Set<string>
  readonly findings: Finding[]
  readonly say: (what: string) => void
}

/** One for each step, with points, and which wallet is whose. */
async function openMembers(
  stage: Stage,
  door: Door,
  count: number,
): Promise<ReadonlyMap<string, number>> {
  const members = Array.from({ length: count * 2 }, (_, place) => `m-${place + 1}`)
  const [url] = door.urls
  const { partner, databaseUrl } = stage
  await makeProgramme(url!, {
    tokens: door.tokens,
    members,
    partner,
    now: Date.now(),
    offers: slotOffers(),
    partners: slotPartners(),
    isPatient: true,
  })
  await Promise.all(
    members.map(async (member) => {
      const input = {
        memberId: member,
        orderId: `first-of-${member}`,
        at: new Date().toISOString(),
        currency: 'CNY',
        confirmed: true,
        lines: [{ id: '1', article: 'tea', quantity: 1, unitPrice: '60' }],
      }
      const asked = { input }
      const write = door.log.begin({
        act: 'order',
        key: input.orderId,
        client: 'shop',
        member,
        asked,
      })
      assertAnswered(await send(write, door, { server: 0, phase: 'run' }), write)
    }),
  )
  return readWallets(databaseUrl)
}

/** Brings each saga to its step, kills the server over all of them, and sees to it that each ends right. */
async function killAtSteps(run: Run, group: readonly Placed[]): Promise<void> {
  const { stage, door, say } = run
  const [server, ...others] = stage.servers
  const [control, ...controls] = stage.controls
  say(group.map(({ step }) => step.name).join(' · '))
  const cut: { placed: Placed; write: Write; sent: Promise<unknown> }[] = []
  for (const placed of group) {
    const { write, sent } = await bringToStep(run, placed)
    cut.push({ placed, write, sent })
  }
  await server!.kill()
  await Promise.all(cut.map(({ sent }) => sent))
  control!.stopAt(null)
  stage.partner.setMood(() => 'well')
  await goOnLater([control!])
  await goOnLater(controls, { isHeard: true })
  if (others.length === 0) await server!.restart()
  const { stuck } = await untilSettled(stage.databaseUrl)
  run.findings.push(...stuck)
  for (const { placed, write } of cut) {
    const outcome = await send(write, door, { server: others.length, phase: 'end' })
    const is =
      'refusal' in outcome
        ? outcome.refusal
        : 'answer' in outcome
          ? outcome.answer.status
          : 'silence'
    const { name, ends } = placed.step
    // What was never asked for before, and is now, goes on from there.
    const isWell =
      is === ends || (ends === 'RELEASED' && (is === 'AWAITING_PAYMENT' || is === 'HELD'))
    if (isWell) continue
    const says = `ended as ${is}, and should as ${ends}`
    run.findings.push({ rule: 'step', key: name, wallet: null, says })
  }
  if (others.length > 0) await server!.restart()
}

async function goOnLater(
  controls: readonly Control[],
  options: { readonly isHeard?: boolean } = {},
): Promise<void> {
  for (const control of controls) await control.setAhead(control.aheadMs + LATER_MS, options)
}

async function bringToStep(run: Run, { step, member, slot }: Placed) {
  const { stage, door, log } = run
  const [control] = stage.controls
  const { partner } = stage
  const hits = () => control!.hits().length
  // The step before is not this one's.
  control!.stopAt(null)
  partner.setMood(() => 'well')
  const begin = (act: Write['act'], key: string, asked: Write['asked']) =>
    log.writes.find((it) => it.act === act && it.key === key) ??
    log.begin({ act, key, client: step.name, member, asked })
  const part: SagaPart = {
    member,
    name: step.name.replaceAll(/[^a-z]+/g, '-'),
    offer: (kind) => `${kind}-${slot}`,
    now: () => Date.now() + control!.aheadMs,
    operate: (name, type, input) => mustOn(door.urls[0]!, door.tokens.operator, name, type, input),
    async resumeEarning() {
      const document = 'mutation { resumeEarning(reason: "another one") { __typename } }'
      await ask(door.urls[0]!, { token: door.tokens.operator, document, variables: {} })
    },
    async must(act, key, asked) {
      const write = begin(act, key, asked)
      return assertAnswered(await send(write, door, { server: 0, phase: 'run' }), write)
    },
    async mustNot(act, key, asked) {
      const write = begin(act, key, asked)
      const outcome = await send(write, door, { server: 0, phase: 'run' })
      if (!('refusal' in outcome)) throw new Error(`${act} ${key}: ${JSON.stringify(outcome)}`)
    },
    async mayBeTooLate(act, key, asked, code) {
      const write = begin(act, key, asked)
      const outcome = await send(write, door, { server: 0, phase: 'run' })
      if ('refusal' in outcome && outcome.refusal === code) return false
      assertAnswered(outcome, write)
      return true
    },
    last: begin,
  }
  const write = await step.saga(part)
  const before = { hits: hits(), lines: partner.lines.length }
  partner.setMood(() => step.mood)
  control!.stopAt(step.point)
  const sent = send(write, door, { server: 0, phase: 'run' })
  if (step.waits) {
    // What it waits for is written down by then.
    await sent
    await goOnLater([control!], { isHeard: true })
  }
  const isHit = () => (step.point ? hits() > before.hits : partner.lines.length > before.lines)
  for (const deadline = Date.now() + HIT_WITHIN_MS; !isHit() && Date.now() < deadline; ) {
    await sleep(5)
  }
  if (isHit()) run.hit.add(step.name)
  else {
    const says = 'no server came to it'
    run.findings.push({ rule: 'step', key: step.name, wallet: null, says })
  }
  return { write, sent }
}

function assertAnswered(outcome: Outcome, write: Write) {
  if ('answer' in outcome) return outcome.answer
  throw new Error(`${write.act} ${write.key}: ${JSON.stringify(outcome)}`)
}
