interface Asked<Key, Answer> {
  readonly key: Key
  resolve(answer: Answer | undefined): void
  reject(fault: unknown): void
}

/**
 * Asks for many at once what is asked for one by one: those who come while an answer is under way
 * share the next question. So everyone's question is put after they asked, never before.
 */
export function askTogether<Key, Answer>(
  ask: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Answer>>,
): (key: Key) => Promise<Answer | undefined> {
  let waiting: Asked<Key, Answer>[] = []
  let isAsking = false

  return (key) =>
    new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject })
      if (!isAsking) void askAll()
    })

  async function askAll(): Promise<void> {
    isAsking = true
    while (waiting.length > 0) {
      const asked = waiting
      waiting = []
      try {
        const answers = await ask([...new Set(asked.map(({ key }) => key))])
        for (const { key, resolve } of asked) resolve(answers.get(key))
      } catch (fault) {
        for (const { reject } of asked) reject(fault)
      }
    }
    isAsking = false
  }
}
