import type { ChangeNews, NewsListener, WalletChange } from '@pointwell/gateway'

/** A way for news between servers, on which the test says what arrives, and when. */
export function openTestNews() {
  const ends = new Set<NewsListener>()
  const underWay: (() => void)[] = []
  let isLive = true

  return {
    /** One server's end of it. */
    openEnd,
    /** What has been told and not been heard yet. */
    underWay,
    setLive(live: boolean) {
      isLive = live
      for (const { onGap } of ends) onGap()
    },
    /** Everything that is under way arrives, in order. */
    arrive() {
      for (const deliver of underWay.splice(0)) deliver()
    },
    /** Everybody hears what nobody told. */
    forge(...changes: WalletChange[]) {
      for (const { onChanges } of ends) onChanges(changes)
    },
  }

  function openEnd(): ChangeNews {
    let own: NewsListener | undefined
    return {
      tell(changes) {
        const told = changes.map(({ wallet, version }) => ({ wallet, version }))
        for (const end of ends) if (end !== own) underWay.push(() => end.onChanges(told))
      },
      listen(listener) {
        own = listener
        ends.add(listener)
        return () => ends.delete(listener)
      },
      isLive: () => isLive,
      counts: () => ({ told: 0, heard: 0, dropped: 0, unreadable: 0 }),
      close: async () => {},
    }
  }
}
