import { type ChildProcess, fork } from 'node:child_process'
import { programPath } from './program-path.js'
import { noteStarted } from './started.js'

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
  const child = fork(programPath(name), {
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
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      hasEnded()
      for (const [id, tell] of waiting) tell({ id, fault: `${name} ended (${code ?? signal})` })
      resolve()
    })
  })
  const hasEnded = noteStarted(() => {
    child.kill('SIGKILL')
    return ended
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

function send(child: ChildProcess, message: object): void {
  child.send(message, (fault) => {
    if (fault) process.emitWarning(fault)
  })
}
