import { setTimeout as sleep } from 'node:timers/promises'
import type { Draw } from '../draw.js'
import type { Act, Answer, Write } from '../log/client-log.js'
import { IN_STORE } from '../stage/programme.js'
import { ask } from './ask.js'
import { type Door, send } from './send.js'

export interface KeeperTerms {
  readonly draw: Draw
  readonly door: Door
  readonly isOver: () => boolean
}

/** What runs out in a run. */
const SCARCE = ['rare', 'few', 'rare', 'mug']
const PREVIEW = `query ($input: PlaybookInput!) { result: previewPlaybook(input: $input) {
  __typename ... on PlaybookPlan { missed reached points room } ... on Refusal { code } } }`

/**
 * The operator who makes up for what ran out, until it is over: looks what a playbook would do, applies it,
 * and mostly puts things back. One act after the other, so that the auditor knows what each of them found;
 * but each may be sent twice at once, and is sent again until there is an answer.
 */
export async function keepShop({ draw, door, isOver }: KeeperTerms): Promise<void> {
  const { urls, log, tokens } = door
  let count = 0
  const anyServer = () => draw.between(0, urls.length - 1)

  /** As soon as it is said to be so far; undefined: it was over first. */
  const until = async (status: string, write: Write): Promise<Answer | undefined> => {
    while (!isOver()) {
      const servers = draw.chance(0.2) ? [anyServer(), anyServer()] : [anyServer()]
      const outcomes = await Promise.all(
        servers.map((server) => send(write, door, { server, phase: 'run' })),
      )
      for (const outcome of outcomes) {
        if ('answer' in outcome && outcome.answer.status === status) return outcome.answer
        if ('refusal' in outcome) throw new Error(`${write.act}: ${outcome.refusal}`)
      }
      await sleep(draw.between(50, 500))
    }
    return undefined
  }
  const begin = (act: Act, key: string, asked: Write['asked']) =>
    log.begin({ act, key, client: 'keeper', member: '', asked })

  const makeUp = async () => {
    const asked = {
      // One after the other, so that a short run has one twice.
      offerId: SCARCE[count % SCARCE.length],
      compensate: draw.chance(0.9),
      extend: draw.chance(0.3),
      offersUp: draw.chance(0.5) ? [IN_STORE.id] : [],
      pointsAndCash: draw.chance(0.5) ? { leastPointsShare: '0.5', mostPointsShare: '1' } : null,
    }
    await ask(urls[anyServer()]!, {
      token: tokens.operator,
      document: PREVIEW,
      variables: { input: asked },
    })
    const key = `playbook-${++count}`
    const input = { ...asked, reason: 'it ran out', idempotencyKey: key }
    const applied = await until('APPLIED', begin('apply-playbook', key, { input }))
    if (!applied) return
    await sleep(draw.between(0, 500))
    if (draw.chance(0.2)) return
    const id = applied.playbook!
    await until('REVERTED', begin('revert-playbook', id, { id, reason: 'it is well again' }))
  }

  while (!isOver()) {
    await sleep(draw.between(300, 1_500))
    if (!isOver()) await makeUp()
  }
}
