import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from './free-port.js'

export interface ServerProcessOptions {
  /** Settings, as docs/reference/settings.md names them. `PORT` is given below. */
  readonly env: Readonly<Record<string, string>>
  /** Default: a free one. It stays the same over every restart. */
  readonly port?: number
  /** Where it runs. */
  readonly cwd?: string
  /** What it says is appended to this file; otherwise `said()` has it. */
  readonly logFile?: string
  /** For Node itself: `--cpu-prof`, `--expose-gc` … */
  readonly nodeArgs?: readonly string[]
  /** How long it may take until it is ready; default five minutes, for a machine that has much to do. */
  readonly readyWithinMs?: number
}

export interface ServerProcess {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  readonly port: number
  readonly pid: number
  /** Whether it runs, as far as this process has heard. */
  isRunning(): boolean
  /** What it has said since its last start, on both channels; empty with a `logFile`. */
  said(): string
  /** Resolves when it has said this since its last start, or throws after two minutes. */
  untilItSays(pattern: RegExp): Promise<string>
  /** `kill -9`: it ends at once, in the middle of whatever it does. */
  kill(): Promise<void>
  /** `SIGTERM`: it finishes what it accepted. Answers with its exit code; null: a signal ended it. */
  stop(): Promise<number | null>
  /** Starts it again with the same settings on the same port, and waits until it is ready. */
  restart(): Promise<void>
}

/** They do not outlive this process. */
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

const MAIN = fileURLToPath(new URL('apps/server/dist/main.js', findRoot()))

/**
 * The built server as a process of its own, as a user runs it: to be measured, killed, and started
 * again. Ready when it is returned. It does not outlive this process's ordinary end.
 */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  if (!existsSync(MAIN)) {
    throw new Error('The server is not built: `npm run build`, or run this by its npm command.')
  }
  const port = options.port ?? (await freePort())
  const url = `http://127.0.0.1:${port}`
  let current = start(options, port)

  const untilReady = async () => {
    const started = current
    try {
      await untilItAnswers({ ...started, url, withinMs: options.readyWithinMs ?? 300_000 })
    } catch (fault) {
      started.child.kill('SIGKILL')
      await started.ended
      throw fault
    }
  }
  await untilReady()

  return {
    url,
    port,
    get pid() {
      return current.child.pid as number
    },
    isRunning: () => isRunning(current.child),
    said: () => current.said(),
    async untilItSays(pattern) {
      for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(20)) {
        if (pattern.test(current.said())) return current.said()
        if (!isRunning(current.child)) break
      }
      throw new Error(`The server never said ${pattern}: ${current.said()}`)
    },
    async kill() {
      current.child.kill('SIGKILL')
      await current.ended
    },
    async stop() {
      current.child.kill('SIGTERM')
      return current.ended
    },
    async restart() {
      current.child.kill('SIGKILL')
      await current.ended
      current = start(options, port)
      await untilReady()
    },
  }
}

/** The workspace's folder, from the sources and from what is built of them under test/dist. */
export function findRoot(): URL {
  let folder = new URL('..', import.meta.url)
  while (!existsSync(new URL('pnpm-workspace.yaml', folder))) {
    const above = new URL('..', folder)
    if (above.href === folder.href) throw new Error('There is no workspace around this file.')
    folder = above
  }
  return folder
}

function start({ env, cwd, logFile, nodeArgs = [] }: ServerProcessOptions, port: number) {
  const log = logFile === undefined ? ('pipe' as const) : openSync(logFile, 'a')
  const child = spawn(process.execPath, [...nodeArgs, MAIN], {
    cwd,
    env: {
      PATH: process.env.PATH,
      TZ: 'UTC',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
      POINTWELL_DEMO: '0',
      ...env,
      PORT: String(port),
    },
    stdio: ['ignore', log, log],
  })
  if (typeof log === 'number') closeSync(log)
  const said: string[] = []
  for (const channel of [child.stdout, child.stderr]) {
    channel?.setEncoding('utf8').on('data', (text: string) => said.push(text))
  }
  running.add(child)
  child.once('exit', () => running.delete(child))
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', (fault) => {
      said.push(String(fault))
      resolve(null)
    })
    // Not `exit`: what it said last is still to be read then.
    child.once('close', (code) => resolve(code))
  })
  return { child, ended, said: () => said.join('') }
}

async function untilItAnswers({
  child,
  said,
  url,
  withinMs,
}: {
  child: ChildProcess
  said: () => string
  url: string
  withinMs: number
}): Promise<void> {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await sleep(25)) {
    if (!isRunning(child)) throw new Error(`The server ended with ${child.exitCode}: ${said()}`)
    const ready = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
      ({ ok }) => ok,
      () => false,
    )
    if (ready) return
  }
  throw new Error(`The server was not ready within ${withinMs} ms: ${said()}`)
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}
