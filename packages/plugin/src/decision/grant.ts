import type { Grant } from '../contract/plugin.js'

/** What a source wants granted; a plain value, named so that a decision reads like a sentence. */
export function grant<Memory = unknown>(wanted: Omit<Grant<Memory>, 'refused'>): Grant<Memory> {
  return wanted
}
