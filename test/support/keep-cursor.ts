import type { Client } from 'graphql-ws'

/**
 * A client of graphql-ws whose subscriptions to `balanceChanged` go on, after a lost connection, behind
 * the last change they saw: it sends the same variables again when it comes back, so they are kept at
 * the cursor.
 */
export function keepCursor(client: Client): Client {
  return {
    ...client,
    subscribe(payload, sink) {
      const variables: Record<string, unknown> = { ...payload.variables }
      return client.subscribe(
        { ...payload, variables },
        {
          next(message) {
            const data = message.data as { balanceChanged?: { version?: string } } | null
            if (data?.balanceChanged?.version) variables.after = data.balanceChanged.version
            sink.next(message as never)
          },
          error: (fault) => sink.error(fault),
          complete: () => sink.complete(),
        },
      )
    },
  }
}
