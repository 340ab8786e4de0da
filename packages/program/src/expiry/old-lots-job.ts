import { isRefusal, type Ledger } from '@pointwell/ledger'
import type { ProgramDatabase } from '../database/program-database.js'
import type { Job, JobContext } from '../jobs/job.js'
import type { Members } from '../member/open-members.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { type ExpiryRun, findOrStartRun, moveRun } from './expiry-run-rows.js'
import { type Grace, graceOf, mayChange, UNHEARD_MS } from './grace.js'
import { type OldLotsResult, oldLotsCommand } from './old-lots-command.js'

/** Members of one step: few enough that other postings go on beside it. */
const MEMBERS_AT_ONCE = 200

interface Parts {
  readonly ledger: Ledger
  readonly database: ProgramDatabase
  readonly members: Pick<Members, 'page'>
  readonly policies: PolicyReads
}

/**
 * Carries out what the policy in force says of old lots (X4): over all members, a few at a time, each
 * wallet once for each grace. It goes on where it stopped, on whichever server.
 */
export function oldLotsJob(parts: Parts): Job {
  return {
    name: 'old-lots',
    title: { en: 'Give old points the last day of the policy', zh: '为存量积分设置统一到期日' },
    everyMs: 5_000,
    async run(context) {
      const grace = graceOf(parts.policies.at(context.now))
      if (!grace) return 'old points keep their terms'
      if (context.now < grace.earnedBefore + UNHEARD_MS) return 'waits until all servers know of it'
      return carryOut(grace, parts, context)
    },
  }
}

async function carryOut(grace: Grace, parts: Parts, { now, signal }: JobContext): Promise<string> {
  const { database, ledger, members, policies } = parts
  const write = <T>(work: (connection: ReturnType<typeof database.connection>) => Promise<T>) =>
    database.write((manager) => work(database.connection(manager)))
  let run = await write((connection) => findOrStartRun(connection, { id: grace.id, now }))
  while (run.finishedAt === null && !signal.aborted) {
    if (graceOf(policies.at(ledger.clock()))?.id !== grace.id) break
    const page = await members.page(run.afterMember, MEMBERS_AT_ONCE)
    const done = await endLotsOf(
      page.map(({ wallet }) => wallet),
      grace,
      parts,
    )
    const next: ExpiryRun = {
      ...run,
      afterMember: page.at(-1)?.wallet ?? run.afterMember,
      members: run.members + page.length,
      lots: run.lots + done.lots,
      points: run.points + done.points,
      finishedAt: page.length < MEMBERS_AT_ONCE ? ledger.clock() : null,
    }
    const from = run.afterMember
    // Another server that overlaps has counted these already: whoever was first goes on.
    if (!(await write((connection) => moveRun(connection, { from, run: next })))) break
    run = next
  }
  const counts = `${run.members} members, ${run.lots} lots, ${run.points} points`
  return `through ${grace.through}: ${counts}${run.finishedAt === null ? ' so far' : ', done'}`
}

/** Only wallets that may have such lots are posted to. */
async function endLotsOf(
  wallets: readonly number[],
  grace: Grace,
  { ledger, policies }: Parts,
): Promise<OldLotsResult> {
  if (wallets.length === 0) return { lots: 0, points: 0 }
  const open = await ledger.store.findLots(wallets, { open: true })
  const concerned = new Set(
    open.flatMap(({ wallet, lot }) => (mayChange(grace, lot) ? [wallet] : [])),
  )
  const answers = await Promise.all(
    [...concerned].map((wallet) => ledger.post(oldLotsCommand({ wallet, grace }, policies))),
  )
  const sum = { lots: 0, points: 0 }
  for (const answer of answers) {
    if (isRefusal(answer)) continue
    const { lots, points } = answer.transaction.result as unknown as OldLotsResult
    sum.lots += lots
    sum.points += points
  }
  return sum
}
