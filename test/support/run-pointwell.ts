import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const CLI = fileURLToPath(new URL('../../apps/server/dist/cli/main.js', import.meta.url))

export interface PointwellOptions {
  readonly cwd: string
  /** Settings, as docs/reference/settings.md names them. */
  readonly env?: Readonly<Record<string, string>>
}

export interface PointwellResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** The built command line, as a user runs it, to its end. */
export async function runPointwell(
  args: readonly string[],
  { cwd, env = {} }: PointwellOptions,
): Promise<PointwellResult> {
  try {
    const { stdout, stderr } = await run(process.execPath, [CLI, ...args], {
      cwd,
      env: { PATH: process.env.PATH, ...env },
    })
    return { code: 0, stdout, stderr }
  } catch (fault) {
    const { code, stdout, stderr } = fault as { code: number; stdout: string; stderr: string }
    return { code, stdout, stderr }
  }
}

/** Ends the command by `kill -9` as soon as it is `inTheMiddle`. False: it came to its end before. */
export async function killPointwell(
  args: readonly string[],
  { cwd, env = {} }: PointwellOptions,
  inTheMiddle: () => Promise<boolean>,
): Promise<boolean> {
  const child: ChildProcess = spawn(process.execPath, [CLI, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: 'ignore',
  })
  const ended = once(child, 'exit')
  while (child.exitCode === null && !(await inTheMiddle())) await sleep(2)
  child.kill('SIGKILL')
  const [, signal] = await ended
  return signal === 'SIGKILL'
}
