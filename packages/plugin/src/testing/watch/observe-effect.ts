import type { Session } from '../run/session.js'
import { BrokenOff, breakOff } from './break-off.js'

/** What an effect came to. `threw`: what the server takes for unknown. `hung`: it was not back in time. */
export type ObservedEffect<Answer> =
  | { readonly outcome: 'answered'; readonly answer: Answer }
  | { readonly outcome: 'threw'; readonly error: unknown }
  | { readonly outcome: 'hung' }

/** Runs what a plugin does to the world within its time. What it does before it first waits is broken off,
 * too; what it does afterwards goes on unheard. Never rejects. */
export async function observeEffect<Answer>(
  { hung, effectDeadlineMs }: Pick<Session, 'hung' | 'effectDeadlineMs'>,
  name: string,
  run: () => Promise<Answer>,
): Promise<ObservedEffect<Answer>> {
  if (hung.has(name)) return { outcome: 'hung' }
  const late = Symbol('late')
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<typeof late>((resolve) => {
    timer = setTimeout(() => resolve(late), effectDeadlineMs)
  })
  try {
    const answer = await Promise.race([breakOff(run, effectDeadlineMs), tooLate])
    if (answer !== late) return { outcome: 'answered', answer }
  } catch (error) {
    if (!(error instanceof BrokenOff)) return { outcome: 'threw', error }
  } finally {
    clearTimeout(timer)
  }
  hung.add(name)
  return { outcome: 'hung' }
}
