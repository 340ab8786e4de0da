import type { WebSocket } from 'ws'
import type { Timers } from '../clock/timers.js'

/**
 * Writes messages, and answers when the client's side has taken them: whoever produces messages
 * waits for that, so nothing piles up. A client that takes too long is cut off.
 */
export class SocketWriter {
  readonly #socket: WebSocket
  readonly #timers: Timers
  readonly #slowClientMs: number
  readonly #onSlow: () => void

  constructor({
    socket,
    timers,
    slowClientMs,
    onSlow,
  }: { socket: WebSocket; timers: Timers; slowClientMs: number; onSlow: () => void }) {
    this.#socket = socket
    this.#timers = timers
    this.#slowClientMs = slowClientMs
    this.#onSlow = onSlow
  }

  send(text: string): Promise<void> {
    const socket = this.#socket
    if (socket.readyState !== socket.OPEN) return Promise.resolve()
    return new Promise((resolve) => {
      const cancel = this.#timers.after(this.#slowClientMs, () => {
        this.#onSlow()
        socket.terminate()
      })
      // A write that failed is a socket that closes, and its closing ends what it was for.
      socket.send(text, () => {
        cancel()
        resolve()
      })
    })
  }
}
