import type { Notice } from './notice.js'

/** The longest due first, and what is due at once in the order of its writing. */
export function byDue(a: Notice, b: Notice): number {
  return a.dueAt - b.dueAt || a.seq - b.seq
}
