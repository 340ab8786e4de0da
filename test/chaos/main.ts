import { describeFinding } from './audit/finding.js'
import { OptionFault, readOptions, USAGE } from './read-options.js'
import { type ChaosOptions, type ChaosReport, runChaos } from './run-chaos.js'
import { runSteps } from './steps/run-steps.js'
import { STEPS } from './steps/steps.js'

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (fault) {
  if (!(fault instanceof OptionFault)) throw fault
  process.stderr.write(`${fault.message}\n\n${USAGE}`)
  process.exitCode = 2
}

async function main(args: readonly string[]): Promise<number> {
  const { keep, steps, ...options } = readOptions(args)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
  const startedAt = Date.now()
  const say = (what: string) => {
    const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1)
    process.stderr.write(`${seconds.padStart(7)} s  ${what}\n`)
  }
  return steps ? killAtSteps(options, { keep, say }) : killAtRandom(options, { keep, say })
}

interface Manner {
  readonly keep: boolean
  readonly say: (what: string) => void
}

async function killAtSteps(
  { store, servers }: ChaosOptions,
  { keep, say }: Manner,
): Promise<number> {
  // What waits for its time comes to pass on either of two servers.
  const steps = servers === 1 ? STEPS : STEPS.filter(({ waits }) => !waits)
  process.stdout.write(`${steps.length} steps on ${store}, ${servers} server(s)\n`)
  const report = await runSteps({ store, steps, servers, say })
  process.stdout.write(`${report.hit.size} steps hit by ${report.kills} kills\n`)
  return tell(report, { keep, name: 'steps' })
}

async function killAtRandom(options: ChaosOptions, { keep, say }: Manner): Promise<number> {
  const { seed, store, servers, clients, serverKills, databaseKills, redis, redisKills } = options
  // First of all, so that a run that never ends can be had again too.
  process.stdout.write(
    `seed ${seed}: ${clients} clients, ${servers} server(s) on ${store}, ${serverKills} kills of a server, ${databaseKills} of the database${redis ? `, ${redisKills} of Redis` : ''}, the partner away ${options.partnerOutages} times, ${options.clockJumps} jumps of a clock\n`,
  )
  const report = await runChaos({ ...options, say })
  for (const [name, count] of Object.entries(report.counts)) {
    process.stdout.write(`${name.padEnd(16)} ${count}\n`)
  }
  return tell(report, { keep, name: `seed ${seed}` })
}

async function tell(
  { findings, folder, close }: Pick<ChaosReport, 'findings' | 'folder' | 'close'>,
  { keep, name }: { readonly keep: boolean; readonly name: string },
): Promise<number> {
  for (const finding of findings) process.stdout.write(`${describeFinding(finding)}\n`)
  const isWell = findings.length === 0
  await close({ keep: keep || !isWell })
  if (keep || !isWell) process.stdout.write(`database and logs: ${folder}\n`)
  process.stdout.write(
    isWell ? `${name}: nothing lost, nothing doubled\n` : `${name}: ${findings.length} findings\n`,
  )
  return isWell ? 0 : 1
}
