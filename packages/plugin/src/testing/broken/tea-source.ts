import { z } from 'zod'
import {
  defineEarnSource,
  type EarnContext,
  grant,
  identifier,
  instant,
  refuse,
  step,
  wholeNumber,
} from '../../index.js'

const cups = (min: number) => wholeNumber({ min, max: 100 })

export const teaEvent = z.object({
  order: identifier(),
  cups: cups(1),
  returned: cups(0).optional(),
  at: instant(),
})
export const teaSettings = z.strictObject({
  points: wholeNumber({ min: 0, max: 1_000 }).default(5),
})
export const teaMemory = z.object({
  cups: wholeNumber({ min: 0, max: 1_000_000 }).default(0),
})
export const teaReturn = z.object({ id: identifier(), cups: cups(1) })

export type TeaEvent = z.output<typeof teaEvent>
export type TeaReturn = z.output<typeof teaReturn>
export type TeaContext = EarnContext<
  z.output<typeof teaSettings>,
  TeaEvent,
  z.output<typeof teaMemory>
>

export const words = { en: 'Tea', zh: '茶' }
export const bought = ({ cups, returned = 0 }: TeaEvent) => Math.max(0, cups - returned)
export const pointsOf = ({ event, settings }: TeaContext) => settings.points * bought(event)

/** What the sound source grants. */
export function decideTea(context: TeaContext) {
  const points = pointsOf(context)
  return grant({
    points,
    because: [step('tea', points, { cups: bought(context.event) })],
    at: context.event.at,
    memory: { cups: Math.min(1_000_000, context.memory.cups + bought(context.event)) },
    details: { cups: bought(context.event) },
  })
}

/** A source that keeps to all of the contract, in which the broken ones differ in one thing each. */
export const tea = defineEarnSource({
  id: 'tea',
  version: '1.0.0',
  contract: '^1.0.0',
  title: words,
  core: false,
  settings: teaSettings,
  event: teaEvent,
  memory: teaMemory,
  once: ({ event }) => event.order,
  decide: decideTea,
  join: ({ from, into }) => ({ cups: Math.min(1_000_000, from.memory.cups + into.memory.cups) }),
  items: (context) => ({
    items: [{ id: 'tea', points: pointsOf(context) }],
    besides: 0,
    rounding: 'floor',
  }),
  behaviours: () => ['drink'],
  returns: {
    schema: teaReturn,
    key: ({ id }: TeaReturn) => id,
    without(event, taken: readonly TeaReturn[]) {
      const returned = taken.reduce((sum, it) => sum + it.cups, event.returned ?? 0)
      return returned > event.cups ? refuse('TEA_NOT_BOUGHT') : { ...event, returned }
    },
  },
  reacts: { to: ['purchase'], with: () => [] },
  tasks: ({ settings }) => [
    { id: 'drink', title: words, points: settings.points, done: false, beginner: false },
  ],
  words: { tea: words },
  refusals: { TEA_NOT_BOUGHT: words },
})
