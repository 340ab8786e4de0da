import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { findRoot } from '../../support/server-process.js'

/** A step at which a server stops: at the commit of a transaction whose statements have all of this. */
export interface Point {
  readonly name: string
  /** Regular expressions, each of which one of the statements must match. */
  readonly matches: readonly string[]
  /** The commit is never sent; or it is done, and nobody on the server hears of it. */
  readonly at: 'before' | 'after'
}

/** What a server of the run goes by besides its settings: see `in-server.mjs`. */
export interface Control {
  /** For the environment and the command line of the server. */
  readonly env: Readonly<Record<string, string>>
  readonly nodeArgs: readonly string[]
  /** How far the server's clock is ahead of the machine's, milliseconds. */
  readonly aheadMs: number
  /** Sets the clock; `isHeard`: answers when the server goes by it, which must be running. */
  setAhead(aheadMs: number, options?: { readonly isHeard?: boolean }): Promise<void>
  /** The server stops at this step from now on; null: at none. */
  stopAt(point: Point | null): void
  /** Names of the steps it stopped at so far, one after the other. */
  hits(): readonly string[]
}

const HEARD_WITHIN_MS = 120_000

export function openControl(
  folder: string,
  name: string,
  { withPoints = false, aheadMs = 0 }: { withPoints?: boolean; aheadMs?: number } = {},
): Control {
  const file = join(folder, `${name}.control`)
  const preload = fileURLToPath(new URL('test/chaos/stage/in-server.mjs', findRoot()))
  let state: { turn: number; aheadMs: number; point: Point | null } = {
    turn: 0,
    aheadMs,
    point: null,
  }
  const write = (change: Partial<typeof state>) => {
    state = { ...state, ...change, turn: state.turn + 1 }
    // Never half of it.
    writeFileSync(`${file}.next`, JSON.stringify(state))
    renameSync(`${file}.next`, file)
  }
  const isHeard = () => {
    const heard = existsSync(`${file}.heard`) ? readFileSync(`${file}.heard`, 'utf8') : ''
    return heard === String(state.turn)
  }
  write({})
  return {
    env: { CHAOS_CONTROL: file, ...(withPoints && { CHAOS_POINTS: '1' }) },
    nodeArgs: ['--import', preload],
    get aheadMs() {
      return state.aheadMs
    },
    async setAhead(to, options = {}) {
      write({ aheadMs: to })
      if (!options.isHeard) return
      for (const deadline = Date.now() + HEARD_WITHIN_MS; !isHeard(); await sleep(5)) {
        if (Date.now() > deadline) throw new Error(`${name} does not go by its clock.`)
      }
    },
    stopAt: (point) => write({ point }),
    hits() {
      if (!existsSync(`${file}.hits`)) return []
      return readFileSync(`${file}.hits`, 'utf8').split('\n').filter(Boolean)
    },
  }
}
