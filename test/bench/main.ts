import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { findMariadb } from '../support/mariadb.js'
import type { BenchContext } from './bench-context.js'
import { openDatabases } from './process/open-databases.js'
import { machineFacts } from './report/machine-facts.js'
import { printHotspots } from './report/print-hotspots.js'
import { printTable } from './report/print-table.js'
import type { Store } from './report/row.js'
import { budgetRows } from './rows/budget-rows.js'
import { pageRows } from './rows/page-rows.js'
import { postingRows } from './rows/posting-rows.js'
import { purchaseRows } from './rows/purchase-rows.js'
import { sizeRows } from './rows/size-rows.js'
import { stockRows } from './rows/stock-rows.js'
import { subscriberRows } from './rows/subscriber-rows.js'
import { sweepRows } from './rows/sweep-rows.js'
import { twoServerRows } from './rows/two-server-rows.js'
import { type Group, runGroups } from './run-groups.js'

/** By the name that `--only` takes. */
const GROUPS: Record<string, Group> = {
  posting: postingRows,
  purchase: purchaseRows,
  budget: budgetRows,
  page: pageRows,
  subscriber: subscriberRows,
  size: sizeRows,
  sweep: sweepRows,
  stock: stockRows,
  'two-servers': twoServerRows,
}

const USAGE = `npm run bench -- [--only ${Object.keys(GROUPS).join('|')}] [--store sqlite|mariadb] [--quick] [--profile] [--json FILE]`

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    store: { type: 'string' },
    quick: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    json: { type: 'string', default: 'bench-results.json' },
  },
})
const groups = options.only ?? Object.keys(GROUPS)
const unknown = groups.find((name) => !Object.hasOwn(GROUPS, name))
if (unknown !== undefined) stop(`There are no rows ${unknown}.\n${USAGE}`)
const stores = (['sqlite', 'mariadb'] as const).filter(
  (store) => (options.store ?? store) === store && (store === 'sqlite' || findMariadb()),
)
if (stores.length === 0) stop(`This machine cannot do that store.\n${USAGE}`)

await run()

async function run(): Promise<void> {
  const machine = await machineFacts()
  say(
    `${machine.cores} cores (${machine.cpu}), ${machine.memoryGb} GB, Node ${machine.node}, MariaDB ${machine.mariadb ?? 'none'}, load ${machine.loadAtStart.toFixed(2)}`,
  )
  const folder = await mkdtemp(join(tmpdir(), 'pointwell-bench-'))
  const databases = await openDatabases(folder)
  const profileFolder = options.profile ? folder : undefined
  const context: BenchContext = {
    quick: options.quick,
    profileFolder,
    folder,
    stores: stores as readonly Store[],
    databases,
    say,
  }
  try {
    const wanted = Object.fromEntries(groups.map((name) => [name, GROUPS[name]!]))
    const { rows, failed } = await runGroups(wanted, context)
    process.stdout.write(`\n${printTable(rows)}`)
    if (options.quick) process.stdout.write('QUICK: too few of everything to mean anything.\n')
    if (profileFolder) process.stdout.write(await printHotspots(profileFolder))
    const file = resolve(options.json)
    await writeFile(file, `${JSON.stringify({ machine, quick: options.quick, rows }, null, 2)}\n`)
    say(`Written to ${options.json}.`)
    if (failed.length > 0) {
      say(`Failed: ${failed.join(', ')}.`)
      process.exitCode = 1
    }
  } finally {
    await databases.close()
    await rm(folder, { recursive: true, force: true })
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

function stop(text: string): never {
  say(text)
  process.exit(2)
}
