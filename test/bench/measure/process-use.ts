import { readFile } from 'node:fs/promises'

/** Ticks of `/proc`, a hundred a second on every Linux there is. */
const TICKS_PER_SECOND = 100

/** Seconds of processor time that a process has used; NaN where there is no `/proc`. */
export async function cpuSeconds(pid: number | undefined): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // What comes behind the name, which may hold anything but ends with the last bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11] ?? Number.NaN) + Number(fields[12] ?? Number.NaN)) / TICKS_PER_SECOND
}

/** Bytes of memory that a process really holds; NaN where there is no `/proc`. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(status.match(/VmRSS:\s+(\d+) kB/)?.[1] ?? Number.NaN) * 1_024
}

/** How many processors each of these processes kept busy while `work` ran. */
export async function coresUsed<T>(
  pids: Readonly<Record<string, number | undefined>>,
  work: () => Promise<T>,
): Promise<{ result: T; cores: Record<string, number> }> {
  const read = () => Promise.all(Object.values(pids).map(cpuSeconds))
  const before = await read()
  const startedAt = performance.now()
  const result = await work()
  const seconds = (performance.now() - startedAt) / 1_000
  const after = await read()
  const cores = Object.keys(pids).map((name, place) => [
    name,
    (after[place]! - before[place]!) / seconds,
  ])
  return { result, cores: Object.fromEntries(cores) }
}
