import type { Grant } from '@pointwell/plugin'
import { addDeed, type Deed, type Deeds, type Kept, takeBackDeed } from './deeds.js'

/** What a source's decision makes of an event. An order is what says what of it counts for the tier.
 * `asked`: whether somebody asks for a tag of this source; others are not counted. */
export function deedOf(
  { qualifyingMinor, tags = [], streak }: Pick<Grant, 'qualifyingMinor' | 'tags' | 'streak'>,
  { source, date, asked }: { source: string; date: string; asked: (tag: string) => boolean },
): Deed {
  return {
    source,
    date,
    minor: qualifyingMinor ?? null,
    tags: [...new Set(tags)].filter(asked),
    streak: streak ?? null,
  }
}

/** Counts an event, or has it wait for its confirmation. */
export function recordDeed(
  deeds: Deeds,
  deed: Deed,
  {
    name,
    pending,
    kept,
  }: { name: string; pending: { readonly confirmAt: number | null } | undefined; kept: Kept },
): Deeds {
  if (!pending) return addDeed(deeds, deed, kept)
  const waiting = { ...deeds.waiting, [name]: { ...deed, confirmAt: pending.confirmAt } }
  return { ...deeds, waiting }
}

/** What is kept of a deed with its event: source and date the event says itself. */
export type KeptDeed = Pick<Deed, 'minor' | 'tags' | 'streak'>

export function keptDeed({ minor, tags, streak }: Deed): KeptDeed {
  return { minor, tags, streak }
}

/** What is left of a deed after a return: the source's new decision, where it has one. */
export function deedLeft(
  before: KeptDeed,
  decision: Pick<Grant, 'qualifyingMinor' | 'tags'> | null,
): KeptDeed | null {
  if (!decision) return null
  const minor = before.minor === null ? null : Math.min(before.minor, decision.qualifyingMinor ?? 0)
  if (minor === 0 && before.minor !== 0) return null
  const tags = before.tags.filter((tag) => decision.tags?.includes(tag))
  return { ...before, minor, tags }
}

/** Takes back what a return or a cancellation takes of an event, wherever it is by now. */
export function takeBackRecorded(
  deeds: Deeds,
  {
    name,
    before,
    left,
    ...event
  }: { name: string; source: string; date: string; before: KeptDeed; left: KeptDeed | null },
): Deeds {
  const after = left && { ...event, ...left }
  const still = Object.hasOwn(deeds.waiting, name) ? deeds.waiting[name] : undefined
  if (!still) return takeBackDeed(deeds, { ...event, ...before }, after)
  const { [name]: _, ...others } = deeds.waiting
  return {
    ...deeds,
    waiting: after ? { ...others, [name]: { ...after, confirmAt: still.confirmAt } } : others,
  }
}
