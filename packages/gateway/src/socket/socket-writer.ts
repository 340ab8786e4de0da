import type { WebSocket } from 'ws'
import type { Timers } from '../clock/timers.js'

/** What may be on its way to a client before nothing more is read of what it sends: somebody who asks
 * and asks and never takes an answer would have them all kept here. */
const MOST_UNREAD = { messages: 128, bytes: 1_048_576 }

/**
 * Writes messages, and answers when the client's side has taken them: whoever produces messages
 * waits for that, so nothing piles up. A client that takes too long is cut off.
 */
export class SocketWriter {
  readonly #socket: WebSocket
  readonly #timers: Timers
  readonly #slowClientMs: number
  readonly #onSlow: () => void
  #unread = 0

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
      this.#unread += 1
      // A write that failed is a socket that closes, and its closing ends what it was for.
      socket.send(text, () => {
        cancel()
        this.#unread -= 1
        if (socket.isPaused && !this.#isFull()) socket.resume()
        resolve()
      })
      if (this.#isFull()) socket.pause()
    })
  }

  #isFull(): boolean {
    return this.#unread > MOST_UNREAD.messages || this.#socket.bufferedAmount > MOST_UNREAD.bytes
  }
}
