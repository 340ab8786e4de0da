import { readFile } from 'node:fs/promises'

/** Ticks of `/proc`, a hundred a second on every Linux there is. */
const TICKS_PER_SECOND = 100

/** Seconds of processor time that a process has used; NaN where there is no `/proc`. */
async function cpuSeconds(pid: number | undefined): Promise<number> {
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

export type Pids = Readonly<Record<string, number | undefined>>

export interface Use {
  /** How many processors each process kept busy. */
  readonly cores: Readonly<Record<string, number>>
  /** Seconds of processor time it used. */
  readonly seconds: Readonly<Record<string, number>>
}

/** What each of these processes used of the machine while `work` ran. */
export async function useOf<T>(
  pids: Pids,
  work: () => Promise<T>,
): Promise<{ result: T; use: Use }> {
  const read = () => Promise.all(Object.values(pids).map(cpuSeconds))
  const before = await read()
  const startedAt = performance.now()
  const result = await work()
  const took = (performance.now() - startedAt) / 1_000
  const after = await read()
  const seconds = Object.keys(pids).map(
    (name, place) => [name, after[place]! - before[place]!] as const,
  )
  return {
    result,
    use: {
      seconds: Object.fromEntries(seconds),
      cores: Object.fromEntries(seconds.map(([name, used]) => [name, used / took])),
    },
  }
}

/**
 * Adds up what the sides of a row cost in processor time. Unlike the time on the wall it hardly hangs
 * on what else the machine does.
 */
export class CpuBook {
  private readonly sides = new Map<string, { operations: number; seconds: Map<string, number> }>()

  /** Runs `work`, which does so many operations, and books it; `false` in a round that does not count. */
  async book<T>(
    {
      side,
      pids,
      operations,
      counts,
    }: { side: string; pids: Pids; operations: number; counts: boolean },
    work: () => Promise<T>,
  ): Promise<T> {
    const { result, use } = await useOf(pids, work)
    if (!counts) return result
    const booked = this.sides.get(side) ?? { operations: 0, seconds: new Map() }
    booked.operations += operations
    for (const [name, used] of Object.entries(use.seconds)) {
      booked.seconds.set(name, (booked.seconds.get(name) ?? 0) + used)
    }
    this.sides.set(side, booked)
    return result
  }

  /** Microseconds of processor time an operation, by side and process. */
  told(): string {
    const sides = [...this.sides].map(([side, { operations, seconds }]) => {
      const each = [...seconds].map(
        ([name, used]) => `${name} ${((used * 1e6) / operations).toFixed(0)}`,
      )
      return `${side}: ${each.join(' + ')}`
    })
    return `µs of processor time each, ${sides.join('; ')}`
  }
}
