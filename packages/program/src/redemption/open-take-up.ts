import { SetAside } from '@pointwell/ledger'
import type { ReportFailure } from '../jobs/job.js'
import { type DriveParts, takeUpRedemption } from './drive-redemption.js'
import { type Redemption, readRedemption } from './redemption-record.js'

/** Of one channel at a time: more would wait for the same system anyway. */
const SIDE_BY_SIDE = 16

/**
 * Takes up redemptions that are due, the longest due first. Each channel is asked by itself, so that
 * a slow one does not hold up the others; one redemption that fails is told of and passed over for a
 * while, so that it holds up none either.
 */
export function openTakeUp(
  parts: DriveParts,
): (limit: number, report?: ReportFailure) => Promise<number> {
  const { ledger } = parts
  const failing = new SetAside<string>()

  return async (limit, report) => {
    const now = ledger.clock()
    const most = limit + failing.count(now)
    const records = await ledger.store.findDueRecords('redemption', now, most)
    const well = new Set(
      failing
        .rest(
          records.map(({ ref }) => ref),
          now,
        )
        .slice(0, limit),
    )
    const due = records.filter(({ ref }) => well.has(ref)).map(readRedemption)

    const takeUp = async (redemption: Redemption): Promise<void> => {
      try {
        await takeUpRedemption(redemption, parts)
      } catch (fault) {
        failing.add(redemption.id, ledger.clock())
        report?.(`redemption ${redemption.id}`, fault)
      }
    }
    const channels = new Set(due.map(({ channel }) => channel))
    const ofChannel = (name: string) => due.filter(({ channel }) => channel === name)
    await Promise.all([...channels].map((name) => inParallel(ofChannel(name), takeUp)))
    return due.length
  }
}

/** Some at a time: as soon as one is done, the next begins. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values()
  const worker = async () => {
    for (const item of left) await work(item)
  }
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker))
}
