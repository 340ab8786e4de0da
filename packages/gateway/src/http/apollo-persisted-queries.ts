import type { PersistedOperations } from '../persisted/open-persisted-operations.js'

/** What Apollo Server puts before each hash. */
const PREFIX = /^apq:/

/** Persisted operations as Apollo Server asks for them; on a socket the same ones are found. */
export function apolloPersistedQueries(persisted: PersistedOperations) {
  return {
    cache: {
      async get(key: string) {
        return persisted.findText(key.replace(PREFIX, ''))
      },
      async set(key: string, text: string) {
        persisted.keep(key.replace(PREFIX, ''), text)
      },
      async delete() {},
    },
  }
}
