import { describeFinding } from './audit/finding.js'
import { OptionFault, readOptions, USAGE } from './read-options.js'
import { runChaos } from './run-chaos.js'

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (fault) {
  if (!(fault instanceof OptionFault)) throw fault
  process.stderr.write(`${fault.message}\n\n${USAGE}`)
  process.exitCode = 2
}

async function main(args: readonly string[]): Promise<number> {
  const { keep, ...options } = readOptions(args)
  const { seed, store, servers, clients, serverKills, databaseKills, redis, redisKills } = options
  // First of all, so that a run that never ends can be had again too.
  process.stdout.write(
    `seed ${seed}: ${clients} clients, ${servers} server(s) on ${store}, ${serverKills} kills of a server, ${databaseKills} of the database${redis ? `, ${redisKills} of Redis` : ''}\n`,
  )
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
  const startedAt = Date.now()
  const say = (what: string) => {
    const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1)
    process.stderr.write(`${seconds.padStart(7)} s  ${what}\n`)
  }
  const report = await runChaos({ ...options, say })
  const { counts, findings } = report
  for (const [name, count] of Object.entries(counts)) {
    process.stdout.write(`${name.padEnd(16)} ${count}\n`)
  }
  for (const finding of findings) process.stdout.write(`${describeFinding(finding)}\n`)
  const isWell = findings.length === 0
  await report.close({ keep: keep || !isWell })
  if (keep || !isWell) process.stdout.write(`database and logs: ${report.folder}\n`)
  process.stdout.write(
    isWell
      ? `seed ${seed}: nothing lost, nothing doubled\n`
      : `seed ${seed}: ${findings.length} findings\n`,
  )
  return isWell ? 0 : 1
}
