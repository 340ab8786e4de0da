/**
 * Until a turn is not full, or the job is to stop; answers with how many were looked at. What was looked at
 * is not due again at once, so this ends.
 */
export async function takeUpAll(
  turn: (limit: number) => Promise<number>,
  { signal, atOnce }: { readonly signal: AbortSignal; readonly atOnce: number },
): Promise<number> {
  let all = 0
  while (!signal.aborted) {
    const some = await turn(atOnce)
    all += some
    if (some < atOnce) break
  }
  return all
}
