import { execFile } from 'node:child_process'
import { cpus, loadavg, totalmem } from 'node:os'
import { promisify } from 'node:util'
import { findMariadb } from '../../support/mariadb.js'

/** What figures hang on that were measured here, without saying where here is. */
export interface MachineFacts {
  readonly cores: number
  readonly cpu: string
  readonly memoryGb: number
  readonly node: string
  readonly mariadb: string | null
  /** Runnable processes in the last minute, before anything was started: above 0 is others' work. */
  readonly loadAtStart: number
  readonly at: string
}

export async function machineFacts(): Promise<MachineFacts> {
  return {
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    mariadb: await mariadbVersion(),
    loadAtStart: loadavg()[0]!,
    at: new Date().toISOString(),
  }
}

async function mariadbVersion(): Promise<string | null> {
  const programs = findMariadb()
  if (!programs) return null
  const { stdout } = await promisify(execFile)(programs.server, ['--no-defaults', '--version'])
  return stdout.match(/\d+\.\d+\.\d+/)?.[0] ?? stdout.trim()
}
