/**
 * Writes what comes at about the same time by one write, and meanwhile gathers what comes next: a commit
 * waits for the disk. Where a write of several fails, each is written by itself, so that none fails for
 * another; to write the same twice must therefore be harmless.
 */
export function writeTogether<Item>(
  write: (items: readonly Item[]) => Promise<void>,
): (item: Item) => Promise<void> {
  let waiting: { item: Item; written: (outcome: Promise<void>) => void }[] = []
  let isWriting = false

  const writeAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      const items = batch.map(({ item }) => item)
      const together = write(items)
      await together.then(
        () => {
          for (const { written } of batch) written(together)
        },
        async () => {
          for (const { item, written } of batch) {
            const alone = items.length === 1 ? together : write([item])
            written(alone)
            await alone.catch(() => {})
          }
        },
      )
    }
    isWriting = false
  }

  return (item) =>
    new Promise((written) => {
      waiting.push({ item, written })
      if (isWriting) return
      isWriting = true
      setImmediate(writeAll)
    })
}
