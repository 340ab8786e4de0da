import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { findRoot } from '../../support/server-process.js'
import type { Finding } from '../audit/finding.js'
import { readProgress } from '../audit/read-books.js'
import type { Stage } from './open-stage.js'

/** All leases and hold times are over when clocks have jumped; this is for slow machines. */
const SETTLED_WITHIN_MS = 300_000

/** Waits until no redemption is open, nor a playbook, or the time is up; answers with how many were at first,
 * and with those that still are. */
export async function untilSettled(
  databaseUrl: string,
): Promise<{ left: number; stuck: Finding[] }> {
  const first = await readProgress(databaseUrl)
  let { open, playbooks } = first
  for (const deadline = Date.now() + SETTLED_WITHIN_MS; open.length + playbooks.length > 0; ) {
    if (Date.now() > deadline) break
    await sleep(100)
    ;({ open, playbooks } = await readProgress(databaseUrl))
  }
  const stuck = [
    ...open.map(({ id, wallet, status }) => ({ key: `redemption ${id}`, wallet, status })),
    ...playbooks.map(({ id, state }) => ({ key: `playbook ${id}`, wallet: null, status: state })),
  ].map(({ key, wallet, status }) => ({
    rule: 'hold',
    key,
    wallet,
    says: `was ${status} for ${SETTLED_WITHIN_MS / 1_000} seconds of calm`,
  }))
  return { left: first.open.length + first.playbooks.length, stuck }
}

export async function stopServers({ servers }: Stage): Promise<Finding[]> {
  const codes = await Promise.all(servers.map((server) => server.stop()))
  return codes.flatMap((code, place) =>
    code === 0
      ? []
      : [{ rule: 'server', key: `server ${place}`, wallet: null, says: `stopped with ${code}` }],
  )
}

/** The product's own word on its books, asked as an operator would. */
export function verify({ databaseUrl, folder }: Stage): Promise<Finding[]> {
  const cli = fileURLToPath(new URL('apps/server/dist/cli/main.js', findRoot()))
  const env = { PATH: process.env.PATH, POINTWELL_DATABASE_URL: databaseUrl }
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, 'verify'], { cwd: folder, env }, (fault, out, err) => {
      const says = `${out}${err}`.trim()
      resolve(fault ? [{ rule: 'verify', key: 'verify', wallet: null, says }] : [])
    })
  })
}
