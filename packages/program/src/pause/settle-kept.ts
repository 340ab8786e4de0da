import { isRefusal, type Refusal } from '@pointwell/ledger'
import type { Earned } from '@pointwell/plugin'
import type { Earning } from '../earning/open-earning.js'
import type { JobContext } from '../jobs/job.js'
import type { KeptChange, KeptEvent } from './kept-rows.js'
import type { KeptEvents } from './open-kept-events.js'

/** How many are settled at a time: few enough to leave room for what members do meanwhile. */
const AT_ONCE = 200

/** What failed is tried again after so long. */
const PUT_OFF_MS = 600_000

/** Says nothing about the event: it is worth another try. */
const FAILURES: ReadonlySet<string> = new Set([
  'PLUGIN_FAILED',
  'TRY_AGAIN_LATER',
  'OUTCOME_UNKNOWN',
])

type Settling = Pick<Earning, 'earnKept' | 'confirm' | 'takeBack' | 'cancel'>

/**
 * Settles what was kept, until nothing is left that may be: each event as of when it was kept, a member's
 * own in the order in which they happened, then what happened to it. All of it goes through the door of
 * the ledger under the keys that it would have had, so whoever does it again does nothing.
 */
export async function settleKept(
  { kept, earning }: { kept: KeptEvents; earning: Settling },
  { signal, report }: Pick<JobContext, 'signal' | 'report'>,
): Promise<string> {
  const counts = { settled: 0, refused: 0, failed: 0, paused: 0 }
  while (!signal.aborted) {
    const events = await kept.findToSettle(AT_ONCE)
    const before = counts.settled + counts.refused
    await Promise.all(
      groupByMember(events).map(async (own) => {
        for (const event of own) {
          if (signal.aborted) return
          counts[await settleOne(event, { kept, earning, report })]++
        }
      }),
    )
    // A full turn in which nothing moved would come back with the same events for ever.
    if (events.length < AT_ONCE || counts.settled + counts.refused === before) break
  }
  const { settled, refused, failed } = counts
  return `${settled} settled, ${refused} refused${failed === 0 ? '' : `, ${failed} failed`}`
}

function groupByMember(events: readonly KeptEvent[]): KeptEvent[][] {
  const groups = new Map<string, KeptEvent[]>()
  for (const event of events) {
    const own = groups.get(event.memberId)
    if (own) own.push(event)
    else groups.set(event.memberId, [event])
  }
  return [...groups.values()]
}

async function settleOne(
  event: KeptEvent,
  { kept, earning, report }: { kept: KeptEvents; earning: Settling; report: JobContext['report'] },
): Promise<'settled' | 'refused' | 'failed' | 'paused'> {
  const { id } = event
  try {
    const earned = await earning.earnKept(event)
    if (isRefusal(earned)) {
      // Paused anew: it stays where it is.
      if (earned.code === 'EARNING_PAUSED') return 'paused'
      assertNoFailure(earned)
      const changes = event.changes.length
      await kept.end({ id, changes, status: 'refused', points: null, refusal: earned.code })
      return 'refused'
    }
    await settleChanges(event, earned.points, { kept, earning })
    return 'settled'
  } catch (fault) {
    report(`kept event ${id}`, fault)
    await kept.putOff(id, PUT_OFF_MS)
    return 'failed'
  }
}

/** What happened to it while it was kept, and while it is being settled. */
async function settleChanges(
  event: KeptEvent,
  earned: number,
  { kept, earning }: { kept: KeptEvents; earning: Settling },
): Promise<void> {
  let { changes } = event
  let points = earned
  let refusal: string | null = null
  for (let done = 0; ; ) {
    for (const change of changes.slice(done)) {
      const answer = await settleChange(event, change, earning)
      if (isRefusal(answer)) {
        assertNoFailure(answer)
        refusal ??= answer.code
      } else if (change.act !== 'confirm') points += answer.points
    }
    done = changes.length
    const status = 'settled'
    if (await kept.end({ id: event.id, changes: done, status, points, refusal })) return
    const now = await kept.find(event.key)
    // Another server has settled it.
    if (now?.status !== 'kept') return
    changes = now.changes
  }
}

function settleChange(
  { source, memberId, once }: KeptEvent,
  change: KeptChange,
  earning: Settling,
): Promise<Earned | Refusal> {
  const name = { source, memberId, once }
  switch (change.act) {
    case 'confirm':
      return earning.confirm({ ...name, at: change.at })
    case 'return':
      return earning.takeBack({ ...name, taken: change.taken })
    case 'cancel':
      return earning.cancel(name)
  }
}

function assertNoFailure({ code }: Refusal): void {
  if (FAILURES.has(code)) throw new Error(`it was answered with ${code}`)
}
