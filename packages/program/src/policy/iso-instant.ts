import { instant } from '@pointwell/plugin'

/** A moment that stays readable in the document: ISO 8601 in UTC, of one length, so that texts
 * compare as moments do. */
export function isoInstant() {
  return instant().transform((at) => new Date(at).toISOString())
}
