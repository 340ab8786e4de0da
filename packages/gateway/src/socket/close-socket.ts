import type { WebSocket } from 'ws'
import type { Timers } from '../clock/timers.js'

/** Why this side closes a socket. */
export type SocketClosing = 'expired' | 'slow' | 'shutdown'

/** How long the other side may take to say goodbye too. */
const GOODBYE_MS = 2_000

const WORDS: Record<SocketClosing, { code: number; reason: string }> = {
  // By graphql-ws' own recipe a client that gets 4403 comes back with a new token.
  expired: { code: 4403, reason: 'Forbidden: the token has run out, come back with a new one' },
  slow: { code: 1013, reason: 'Try again later: messages were not read' },
  shutdown: { code: 1001, reason: 'Going away: the server is shutting down' },
}

export function closeSocket(
  socket: WebSocket,
  closing: SocketClosing,
  timers: Timers,
): { code: number; reason: string } {
  const { code, reason } = WORDS[closing]
  socket.close(code, reason)
  const cancel = timers.after(GOODBYE_MS, () => socket.terminate())
  socket.once('close', cancel)
  return { code, reason }
}
