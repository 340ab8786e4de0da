import { type ChildProcess, fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A program of the bench in a process of its own, so that no side shares a heap with another. */
export interface Program {
  readonly pid: number
  /** Rejects with what the program met. */
  ask<Answer>(task: string, argument?: unknown): Promise<Answer>
  stop(): Promise<void>
}

interface Reply {
  readonly id: number
  readonly answer?: unknown
  readonly fault?: string
}

/** Starts `programs/NAME.js`, built beside this file. `nodeArgs` are for Node itself. */
export function startProgram(name: string, nodeArgs: readonly string[] = []): Program {
  const child = fork(pathOf(name), {
    execArgv: ['--expose-gc', ...nodeArgs],
    serialization: 'advanced',
    env: { ...process.env, TZ: 'UTC' },
  })
  const waiting = new Map<number, (reply: Reply) => void>()
  let last = 0
  child.on('message', (reply: Reply) => {
    waiting.get(reply.id)?.(reply)
    waiting.delete(reply.id)
  })
  running.add(child)
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      running.delete(child)
      for (const [id, tell] of waiting) tell({ id, fault: `${name} ended (${code ?? signal})` })
      resolve()
    })
  })
  return {
    pid: child.pid as number,
    ask<Answer>(task: string, argument?: unknown) {
      const id = ++last
      return new Promise<Answer>((resolve, reject) => {
        waiting.set(id, ({ answer, fault }) =>
          fault === undefined ? resolve(answer as Answer) : reject(new Error(fault)),
        )
        send(child, { id, task, argument })
      })
    },
    async stop() {
      if (child.connected) child.disconnect()
      await ended
    },
  }
}

/** Ends those that a row which failed has left behind. */
export function endPrograms(): void {
  for (const child of running) child.kill('SIGKILL')
}

const running = new Set<ChildProcess>()

function send(child: ChildProcess, message: object): void {
  child.send(message, (fault) => {
    if (fault) process.emitWarning(fault)
  })
}

/** Started from the sources (in a test) it is still the built one that runs: Node runs no TypeScript. */
function pathOf(name: string): string {
  const built = [`../programs/${name}.js`, `../../dist/bench/programs/${name}.js`]
  const paths = built.map((path) => fileURLToPath(new URL(path, import.meta.url)))
  const path = paths.find((path) => existsSync(path))
  if (path === undefined) throw new Error(`${name} is not built: run this by \`npm run bench\`.`)
  return path
}
