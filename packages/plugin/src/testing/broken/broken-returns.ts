import { z } from 'zod'
import { grant, refuse, step } from '../../index.js'
import { type BrokenSource, broken, deciding, saying } from './broken-source.js'
import {
  bought,
  decideTea,
  pointsOf,
  type TeaContext,
  type TeaEvent,
  type TeaReturn,
  tea,
  teaEvent,
  teaSettings,
} from './tea-source.js'

const everythingOf = (event: TeaEvent): TeaReturn[] =>
  bought(event) === 0 ? [] : [{ id: 'all', cups: bought(event) }]

/** Whether one of them is larger than that before it. */
const isLargerThanTheLast = (taken: readonly TeaReturn[]) =>
  taken.some(({ cups }, place) => cups > (taken[place - 1]?.cups ?? 100))

/** Decides as the sound source does until something came back, and then like this. */
const decidingLeft = (decide: (context: TeaContext) => unknown): object => ({
  ...deciding((context) =>
    context.event.returned === undefined ? decideTea(context) : decide(context),
  ),
  event: teaEvent.omit({ returned: true }),
  items: undefined,
})

/** Sources that go wrong where something comes back. */
export const BROKEN_RETURNS: readonly BrokenSource[] = [
  broken('takes more than it gave', ['return-takes-no-more-than-was-granted'], {
    ...deciding((context) => {
      const { cups, returned = 0 } = context.event
      const points = context.settings.points * (cups - returned)
      return grant({ points, because: [step('tea', points)], at: context.event.at })
    }),
    event: teaEvent.omit({ returned: true }),
    returns: {
      ...tea.returns,
      without: (event: TeaEvent, taken: readonly TeaReturn[]) => ({
        ...event,
        returned: event.cups + taken.length,
      }),
    },
    items: undefined,
  }),
  saying(
    'a return of 3 points takes 5',
    broken('takes five of the three that it gave', ['return-takes-no-more-than-was-granted'], {
      ...deciding(({ event }) => {
        const points = event.returned === undefined ? 3 : -2
        return grant({ points, because: [step('tea', points)], at: event.at })
      }),
      event: teaEvent.omit({ returned: true }),
      items: undefined,
    }),
  ),
  broken('gives for what came back', ['return-takes-no-more-than-was-granted'], {
    returns: {
      ...tea.returns,
      without: (event: TeaEvent, taken: readonly TeaReturn[]) => ({
        ...event,
        cups: event.cups + taken.reduce((sum, { cups }) => sum + cups, 0),
      }),
    },
    items: undefined,
  }),
  broken('gives some back at the second return', ['return-takes-no-more-than-was-granted'], {
    returns: {
      ...tea.returns,
      without: (event: TeaEvent, taken: readonly TeaReturn[]) => {
        const sum = taken.reduce((all, { cups }) => all + cups, event.returned ?? 0)
        return { ...event, returned: taken.length === 1 ? event.cups : Math.min(event.cups, sum) }
      },
    },
  }),
  broken('gives more at the fourth return', ['return-takes-no-more-than-was-granted'], {
    returns: {
      ...tea.returns,
      without: (event: TeaEvent, taken: readonly TeaReturn[]) => ({
        ...event,
        cups: event.cups + (taken.length > 3 ? 1 : 0),
      }),
    },
    items: undefined,
  }),
  broken(
    'refuses an event after a return, and grants it after another',
    ['return-takes-no-more-than-was-granted'],
    {
      ...deciding(({ event }) =>
        event.returned === 1
          ? refuse('TEA_NOT_BOUGHT')
          : grant({ points: 3, because: [step('tea', 3)], at: event.at }),
      ),
      event: teaEvent.omit({ returned: true }),
      returns: {
        ...tea.returns,
        without: (event: TeaEvent, taken: readonly TeaReturn[]) => ({
          ...event,
          returned: taken.length,
        }),
      },
      items: undefined,
    },
  ),
  broken('goes by which return was first', ['returns-in-any-order-end-the-same'], {
    returns: {
      ...tea.returns,
      without: (event: TeaEvent, taken: readonly TeaReturn[]) => {
        const sum = taken.reduce((all, { cups }) => all + cups, event.returned ?? 0)
        return { ...event, returned: sum + ((taken[0]?.cups ?? 0) % 2) }
      },
    },
  }),
  saying(
    /^it takes a return after another, which leaves \d+ points, and refuses it before that, which leaves \d+$/,
    broken('takes no return that is larger than the last', ['returns-in-any-order-end-the-same'], {
      returns: {
        ...tea.returns,
        without: (event: TeaEvent, taken: readonly TeaReturn[]) =>
          isLargerThanTheLast(taken)
            ? refuse('TEA_NOT_BOUGHT')
            : tea.returns?.without(event, taken),
      },
    }),
  ),
  broken(
    'takes no return that is larger than the last, from the third on',
    ['returns-in-any-order-end-the-same'],
    {
      returns: {
        ...tea.returns,
        without: (event: TeaEvent, taken: readonly TeaReturn[]) =>
          taken.length > 2 && isLargerThanTheLast(taken.slice(-2))
            ? refuse('TEA_NOT_BOUGHT')
            : tea.returns?.without(event, taken),
      },
    },
    { runs: 400 },
  ),
  broken('throws where a return is larger than the last', ['never-throws'], {
    returns: {
      ...tea.returns,
      without(event: TeaEvent, taken: readonly TeaReturn[]) {
        if (isLargerThanTheLast(taken)) throw new Error('too much came back')
        return tea.returns?.without(event, taken)
      },
    },
  }),
  broken(
    'throws where all came back',
    ['never-throws'],
    {
      returns: {
        ...tea.returns,
        without() {
          throw new Error('too much came back')
        },
      },
    },
    { everythingOf },
  ),
  saying(
    'it refused with "TEA_COLD", which it does not declare',
    broken(
      'refuses a return with a code that it does not declare',
      ['returns-are-refused-as-declared'],
      { returns: { ...tea.returns, without: () => refuse('TEA_COLD') } },
    ),
  ),
  saying(
    'available of its refusal is not a whole number',
    broken('refuses a return with figures that are none', ['returns-are-refused-as-declared'], {
      returns: { ...tea.returns, without: () => refuse('TEA_NOT_BOUGHT', { available: 0.5 }) },
    }),
  ),
  broken(
    'leaves a point where all came back',
    ['nothing-is-left-when-all-came-back'],
    deciding((context) => {
      const points = pointsOf(context) + 1
      return { ...decideTea(context), points, because: [step('tea', points)] }
    }),
    { everythingOf },
  ),
  broken('makes an event that is not JSON of what is left', ['a-returned-event-is-json'], {
    returns: {
      ...tea.returns,
      without: (event: TeaEvent) => ({ ...event, returned: event.cups, back: new Date(0) }),
    },
  }),
  saying(
    'it would grant 0.5 points',
    broken(
      'gives half a point for what is left',
      ['a-returned-event-is-decided-as-declared'],
      decidingLeft(({ event }) =>
        grant({ points: 0.5, because: [step('tea', '0.5')], at: event.at }),
      ),
    ),
  ),
  saying(
    'its steps sum to 9999999, but it would grant 0',
    broken(
      'explains what is left by other points',
      ['a-returned-event-is-decided-as-declared'],
      decidingLeft(({ event }) =>
        grant({ points: 0, because: [step('tea', 9_999_999)], at: event.at }),
      ),
    ),
  ),
  saying(
    'it has no words for its step cold',
    broken(
      'has no words for what is left',
      ['a-returned-event-is-decided-as-declared'],
      decidingLeft(({ event }) => grant({ points: 0, because: [step('cold', 0)], at: event.at })),
    ),
  ),
  saying(
    'it refused with "TEA_COLD", which it does not declare',
    broken(
      'refuses what is left by a code of its own',
      ['a-returned-event-is-decided-as-declared'],
      decidingLeft(() => refuse('TEA_COLD')),
    ),
  ),
  saying(
    'it answered with nothing, which is no grant and no refusal',
    broken(
      'says nothing of what is left',
      ['a-returned-event-is-decided-as-declared'],
      decidingLeft(() => 'nothing'),
    ),
  ),
  saying(
    /^its? /,
    broken(
      'grants what is left at no time',
      ['a-returned-event-is-decided-as-declared'],
      decidingLeft((context) => ({ ...decideTea(context), at: 0.5 })),
    ),
  ),
  broken('has items without ids', ['items-are-well-formed'], {
    items: () => ({ items: [{ points: 1 }], besides: 0, rounding: 'floor' }),
  }),
  broken('gives more for fewer goods', ['fewer-goods-never-earn-more'], {
    items: ({ event }: TeaContext) => ({
      items: [{ id: 'tea', points: 100 + (event.returned ?? 0) }],
      besides: 0,
      rounding: 'floor',
    }),
  }),
  saying(
    'it refuses to take back all of an event',
    broken(
      'takes nothing back',
      ['nothing-is-left-when-all-came-back'],
      { returns: { ...tea.returns, without: () => refuse('TEA_NOT_BOUGHT') } },
      { everythingOf },
    ),
  ),
  broken(
    'gives a point for bringing something back',
    ['nothing-is-left-when-all-came-back'],
    deciding((context) => {
      const points = pointsOf(context) + ((context.event.returned ?? 0) > 0 ? 1 : 0)
      return { ...decideTea(context), points, because: [step('tea', points)] }
    }),
    { everythingOf },
  ),
  broken(
    'keeps a point where something came back, and is asked of what it all was',
    ['nothing-is-left-when-all-came-back'],
    {
      ...deciding((context) => {
        const { at, returned } = context.event
        const points = Math.max(pointsOf(context), returned === undefined ? 0 : 1)
        return grant({ points, because: [step('tea', points)], at })
      }),
      event: teaEvent.omit({ returned: true }),
      settings: z.strictObject({ points: teaSettings.shape.points.refine((it) => it > 0) }),
      items: undefined,
    },
    { everythingOf },
  ),
  saying(
    /^without some goods, rest earns \d+ instead of nothing$/,
    broken('calls the rest something else', ['fewer-goods-never-earn-more'], {
      items: (context: TeaContext) => ({
        items: [{ id: context.event.returned ? 'rest' : 'tea', points: pointsOf(context) }],
        besides: 0,
        rounding: 'floor',
      }),
    }),
  ),
]
