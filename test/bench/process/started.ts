/** Ends a process that was started, and resolves when it has ended. */
type End = () => Promise<unknown>

const started = new Set<End>()

/** For whoever starts a process: it is ended with `endStarted` unless it has ended before, which the
 * function returned is for. */
export function noteStarted(end: End): () => void {
  started.add(end)
  return () => started.delete(end)
}

/** Ends what a row has left behind, each by its own id, and waits until it has ended. */
export async function endStarted(): Promise<void> {
  const all = [...started]
  started.clear()
  await Promise.all(all.map((end) => end()))
}
