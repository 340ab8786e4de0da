import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { atEndOfTest } from './end-of-file.js'

/** A way to a server that can be cut, as a telephone in a tunnel has it. */
export interface BadLine {
  /** The server's address by this way: `http://127.0.0.1:PORT`. */
  readonly url: string
  /** Cuts all connections at once, whatever is under way on them, and lets none through. */
  cut(): void
  mend(): void
  /** Resolves when it is whole. */
  whole(): Promise<void>
}

/** Open until `atEnd`, which is the end of the running test unless a file has it for all of its tests. */
export async function openBadLine(serverUrl: string, atEnd = atEndOfTest): Promise<BadLine> {
  const { hostname, port } = new URL(serverUrl)
  const sockets = new Set<Socket>()
  const waiting: (() => void)[] = []
  let isCut = false
  const door = createServer((near) => {
    if (isCut) return near.destroy()
    const far = connect(Number(port), hostname)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.once('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
    return undefined
  })
  door.listen(0, '127.0.0.1')
  await once(door, 'listening')
  const line: BadLine = {
    url: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
    cut() {
      isCut = true
      for (const socket of sockets) socket.destroy()
    },
    mend() {
      isCut = false
      for (const go of waiting.splice(0)) go()
    },
    async whole() {
      if (isCut) await new Promise<void>((resolve) => waiting.push(resolve))
    },
  }
  atEnd(async () => {
    line.cut()
    door.close()
  })
  return line
}
