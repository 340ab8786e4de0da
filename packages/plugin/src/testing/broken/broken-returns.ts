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
} from './tea-source.js'

const everythingOf = (event: TeaEvent): TeaReturn[] =>
  bought(event) === 0 ? [] : [{ id: 'all', cups: bought(event) }]

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
          taken.some(({ cups }, place) => cups > (taken[place - 1]?.cups ?? 100))
            ? refuse('TEA_NOT_BOUGHT')
            : tea.returns?.without(event, taken),
      },
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
