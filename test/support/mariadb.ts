import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { createConnection } from 'mysql2/promise'
import { fastFolder } from './fast-folder.js'
import { freePort } from './free-port.js'

const run = promisify(execFile)

export interface MariadbPrograms {
  readonly server: string
  readonly install: string
}

export interface MariadbServer {
  /** `mysql://root@127.0.0.1:PORT`, without a database. */
  readonly url: string
  readonly pid: number
  readonly port: number
  stop(): Promise<void>
  /** Ends the server at once, as a power cut would; its data stays until `stop()`. */
  kill(): Promise<void>
  /** Starts it again over the same data, on the same port. */
  restart(): Promise<void>
}

/** Where MariaDB's programs are, or undefined when the machine has none. */
export function findMariadb(): MariadbPrograms | undefined {
  const server = findProgram('mariadbd', 'mysqld')
  const install = findProgram('mariadb-install-db', 'mysql_install_db')
  return server && install ? { server, install } : undefined
}

/**
 * Starts a MariaDB of its own on a free port over an empty data folder.
 * `durable` makes each commit reach the disk, for tests that kill the server; without it there may be no
 * disk at all. The log and the buffer
 * pool are small, for many short-lived servers; what is measured wants `bufferPoolMb` as in real use.
 */
export async function startMariadb({
  programs = findMariadb(),
  durable = false,
  bufferPoolMb = 128,
}: {
  programs?: MariadbPrograms
  durable?: boolean
  bufferPoolMb?: number
} = {}): Promise<MariadbServer> {
  if (!programs) throw new Error('No MariaDB on this machine: install mariadb-server.')
  const place = durable ? tmpdir() : await fastFolder()
  const folder = await mkdtemp(join(place, 'pointwell-mariadb-'))
  const leaveNothing = watchOver(folder)
  const data = join(folder, 'data')
  // Of its own: servers that start at the same moment give their temporary files the same names.
  const tmp = join(folder, 'tmp')
  await mkdir(tmp)
  const asUser = process.getuid?.() === 0 ? ['--user=root'] : []

  await run(programs.install, [
    '--no-defaults',
    ...asUser,
    `--datadir=${data}`,
    `--tmpdir=${tmp}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
  ])

  const port = await freePort()
  const url = `mysql://root@127.0.0.1:${port}`
  const start = async () => {
    const child = spawn(
      programs.server,
      [
        '--no-defaults',
        ...asUser,
        `--datadir=${data}`,
        `--tmpdir=${tmp}`,
        '--bind-address=127.0.0.1',
        `--port=${port}`,
        `--socket=${join(folder, 's.sock')}`,
        `--pid-file=${join(folder, 'pid')}`,
        `--log-error=${join(folder, 'error.log')}`,
        '--skip-name-resolve',
        `--innodb-flush-log-at-trx-commit=${durable ? 1 : 0}`,
        `--innodb-doublewrite=${durable ? 1 : 0}`,
        `--innodb-buffer-pool-size=${bufferPoolMb}M`,
        `--innodb-log-file-size=${bufferPoolMb / 4}M`,
        '--max-connections=600',
        '--character-set-server=utf8mb4',
      ],
      { stdio: 'ignore' },
    )
    try {
      await untilItAnswers({ child, url })
    } catch (cause) {
      await end(child, 'SIGKILL')
      const log = await readFile(join(folder, 'error.log'), 'utf8').catch(() => '')
      throw new Error(`MariaDB did not start.\n${log.split('\n').slice(-15).join('\n')}`, { cause })
    }
    return child
  }

  let child = await start()
  const endServer = async (signal: NodeJS.Signals) => {
    await end(child, signal)
    // Its number may soon be another's.
    await rm(join(folder, 'pid'), { force: true })
  }

  return {
    url,
    port,
    get pid() {
      return child.pid as number
    },
    kill: () => endServer('SIGKILL'),
    async restart() {
      await endServer('SIGTERM')
      child = await start()
    },
    async stop() {
      await endServer('SIGKILL')
      await leaveNothing()
    },
  }
}

/**
 * Ends the server and removes its folder when this process ends, in whatever way it does: the end of
 * the pipe tells a shell that outlives us. The function returned does it now and waits for it.
 */
function watchOver(folder: string) {
  const script = 'cat; test -f "$0/pid" && kill -9 "$(cat "$0/pid")"; rm -rf "$0"'
  const watcher = spawn('sh', ['-c', script, folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  watcher.unref()
  return async () => {
    const ended = new Promise((resolve) => watcher.once('exit', resolve))
    watcher.ref()
    watcher.stdin.end()
    await ended
  }
}

async function untilItAnswers({ child, url }: { child: ChildProcess; url: string }) {
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(50)) {
    if (hasEnded(child)) throw new Error(`The server ended by itself (${child.exitCode}).`)
    try {
      const connection = await createConnection({ uri: url })
      await connection.end()
      return
    } catch {
      // Not listening yet.
    }
  }
  throw new Error('No answer within two minutes.')
}

async function end(child: ChildProcess, signal: NodeJS.Signals) {
  if (hasEnded(child)) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await ended
}

function hasEnded(child: ChildProcess) {
  return child.exitCode !== null || child.signalCode !== null
}

function findProgram(...names: string[]) {
  // Debian keeps servers in sbin, which an ordinary user's PATH leaves out.
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path))
}
