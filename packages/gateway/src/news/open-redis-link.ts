import type { createClient } from '@redis/client'

type Client = ReturnType<typeof createClient>

export interface RedisLinkOptions {
  readonly url: string
  readonly channel: string
  /** Messages can be told and heard from now on. */
  onOpen(): void
  onText(text: string): void
  /** It could not be opened, or was lost; nothing comes after this. */
  onLost(fault: unknown): void
}

/** One attempt at Redis, from opening to its loss. It does not come back: a new one is opened. */
export interface RedisLink {
  tell(text: string): Promise<unknown>
  /** Lets go at once, whatever is under way; `onLost` is not told. */
  close(): void
}

/**
 * Two connections, because one that listens may say nothing else before Redis 6. The client's own
 * way to reconnect is off, as it waits for an answer for as long as a connection that has died
 * silently lets it.
 */
export function openRedisLink(options: RedisLinkOptions): RedisLink {
  const { url, channel, onOpen, onText, onLost } = options
  let isOver = false
  let clients: readonly Client[] = []
  let teller: Client | undefined
  void open()

  return {
    async tell(text) {
      if (!teller) throw new Error('Redis is not open yet')
      return teller.publish(channel, text)
    },
    close,
  }

  function openClient(create: typeof createClient): Client {
    const client = create({
      url,
      RESP: 2,
      disableOfflineQueue: true,
      socket: { reconnectStrategy: false, connectTimeout: 5_000 },
    })
    client.on('error', lose)
    return client as Client
  }

  async function open(): Promise<void> {
    try {
      // Loaded here, because most servers have no Redis, and it is much to load.
      const { createClient } = await import('@redis/client')
      if (isOver) return
      const [first, hearer] = [openClient(createClient), openClient(createClient)] as const
      teller = first
      clients = [first, hearer]
      await Promise.all(clients.map((client) => client.connect()))
      await hearer.subscribe(channel, (text) => {
        if (!isOver) onText(text)
      })
      if (!isOver) onOpen()
    } catch (fault) {
      lose(fault)
    }
  }

  function lose(fault: unknown): void {
    if (isOver) return
    close()
    onLost(fault)
  }

  function close(): void {
    isOver = true
    for (const client of clients) client.destroy()
  }
}
