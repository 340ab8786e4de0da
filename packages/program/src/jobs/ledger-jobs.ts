import { setTimeout } from 'node:timers/promises'
import { type Ledger } from '@pointwell/ledger'
import type { PolicyReads } from '../policy/policy-in-force.js'
import type { Job, JobContext } from './job.js'
import { cronOf } from './jobs-section.js'

/** Wallets that one turn of the sweep settles: small, so that it never holds up other postings. */
const WALLETS_AT_ONCE = 200

/** While others wait for the ledger, the sweep rests so many times as long as its last turn took: it
 * then has a sixth of the ledger's time, and a million lots still go within minutes. */
const REST = 5
const LONGEST_REST_MS = 5_000

const HOUR_MS = 3_600_000

/** What keeps the books in order by themselves: due moves, seals, folded figures. */
export function ledgerJobs(ledger: Ledger, policies: PolicyReads): readonly Job[] {
  return [
    {
      name: 'sweep',
      title: {
        en: 'Confirm, void and expire points that are due',
        zh: '到期处理：确认、作废、过期',
      },
      everyMs: 1_000,
      run: (context) => sweep(ledger, context),
    },
    {
      name: 'seal',
      title: { en: 'Seal the chains of all wallets', zh: '封存所有钱包的哈希链' },
      cron: () => cronOf(policies.at(ledger.clock()).document, 'seal'),
      async run() {
        await ledger.seal()
        return 'sealed'
      },
    },
    {
      name: 'fold-figures',
      title: { en: 'Fold the figures of past hours', zh: '合并历史统计数据' },
      cron: () => cronOf(policies.at(ledger.clock()).document, 'fold-figures'),
      async run({ now }) {
        const { calendar } = policies.at(now)
        const startOfDay = (at: number) => calendar.startOf(calendar.dateOf(at))
        return `${await ledger.store.foldFigures(now - HOUR_MS, startOfDay)} rows folded`
      },
    },
  ]
}

/** Goes on until nothing is due; what cannot be settled is told of, and passed over for a while. */
async function sweep(ledger: Ledger, { signal, report }: JobContext): Promise<string> {
  let wallets = 0
  let transactions = 0
  let failed = 0
  while (!signal.aborted) {
    const startedAt = performance.now()
    const swept = await ledger.sweep(WALLETS_AT_ONCE)
    wallets += swept.wallets
    transactions += swept.transactions
    failed += swept.failed.length
    for (const { wallet, fault } of swept.failed) report(`wallet ${wallet}`, fault)
    if (swept.wallets < WALLETS_AT_ONCE) break
    // A full turn that moved nothing would come back with the same wallets for ever.
    if (swept.transactions === 0 && swept.failed.length === 0) break
    if (ledger.waiting() > 0) await rest((performance.now() - startedAt) * REST, signal)
  }
  const done = `${wallets} wallets, ${transactions} transactions`
  return failed === 0 ? done : `${done}, ${failed} failed`
}

/** Ends early, without a fault, where the job is to end. */
async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(Math.min(ms, LONGEST_REST_MS), undefined, { signal }).catch(() => {})
}
