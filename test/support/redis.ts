import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from '@redis/client'
import { freePort } from './free-port.js'

export interface RedisServer {
  /** `redis://127.0.0.1:PORT` */
  readonly url: string
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>
  /** Starts it again, empty, on the same port. */
  restart(): Promise<void>
  /** It stays there and takes connections, and answers nothing until `wake()`. */
  hang(): void
  wake(): void
  /** Everything on one channel, and a voice of one's own on it. */
  listen(channel: string): Promise<RedisChannel>
  stop(): Promise<void>
}

export interface RedisChannel {
  readonly heard: readonly string[]
  say(text: string): Promise<unknown>
  /** Any other command, as whoever administers it. */
  command(...words: string[]): Promise<unknown>
  close(): void
}

/** Where Redis' program is, or undefined when the machine has none. */
function findRedis(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  return ['redis-server', 'valkey-server']
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path))
}

/** A Redis that tests may use, if one was named: they tell and hear there, and do it no harm. */
const GIVEN = process.env.POINTWELL_TEST_REDIS_URL

/**
 * Whether tests can have a Redis, or (`ofOurOwn`) one that they may kill. Where not, it says so
 * loudly, and with CI set it throws.
 */
export function hasRedis({ ofOurOwn = false }: { ofOurOwn?: boolean } = {}): boolean {
  if (findRedis() || (GIVEN && !ofOurOwn)) return true
  const message = 'No Redis on this machine: install redis-server.'
  if (process.env.CI) throw new Error(message)
  console.warn(
    `\n${'!'.repeat(78)}\n${message}\nTests of news between servers are SKIPPED.\n${'!'.repeat(78)}\n`,
  )
  return false
}

/** The Redis that was named for tests, or a new one; `stop()` leaves the former alone. */
export async function openRedis(): Promise<Pick<RedisServer, 'url' | 'listen' | 'stop'>> {
  if (!GIVEN) return startRedis()
  return { url: GIVEN, listen: (channel) => listenTo(GIVEN, channel), stop: async () => {} }
}

/** Starts a Redis of its own on a free port, which keeps nothing on the disk. */
export async function startRedis({ port }: { port?: number } = {}): Promise<RedisServer> {
  const program = findRedis()
  if (!program) throw new Error('No Redis on this machine: install redis-server.')
  const at = port ?? (await freePort())
  const url = `redis://127.0.0.1:${at}`
  let child = await start(program, at)
  const end = () => endProcess(child)
  const endWithUs = () => child.kill('SIGKILL')
  process.once('exit', endWithUs)

  return {
    url,
    kill: end,
    async restart() {
      await end()
      child = await start(program, at)
    },
    hang: () => void child.kill('SIGSTOP'),
    wake: () => void child.kill('SIGCONT'),
    listen: (channel) => listenTo(url, channel),
    async stop() {
      process.off('exit', endWithUs)
      await end()
    },
  }
}

async function start(program: string, port: number): Promise<ChildProcess> {
  const settings = { port, bind: '127.0.0.1', save: '', appendonly: 'no', dir: '/tmp' }
  const child = spawn(
    program,
    Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
    { stdio: 'ignore' },
  )
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(20)) {
    if (child.exitCode !== null) break
    if (await doesAnswer(`redis://127.0.0.1:${port}`)) return child
  }
  await endProcess(child)
  throw new Error('Redis did not start.')
}

async function doesAnswer(url: string): Promise<boolean> {
  const client = openClient(url)
  try {
    await client.connect()
    return (await client.ping()) === 'PONG'
  } catch {
    return false
  } finally {
    client.destroy()
  }
}

async function listenTo(url: string, channel: string): Promise<RedisChannel> {
  const [ear, voice] = [openClient(url), openClient(url)]
  const heard: string[] = []
  await Promise.all([ear.connect(), voice.connect()])
  await ear.subscribe(channel, (text) => void heard.push(text))
  return {
    heard,
    say: (text) => voice.publish(channel, text),
    command: (...words) => voice.sendCommand(words),
    close() {
      ear.destroy()
      voice.destroy()
    },
  }
}

function openClient(url: string) {
  const client = createClient({ url, RESP: 2, socket: { reconnectStrategy: false } })
  client.on('error', () => {})
  return client
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
}
