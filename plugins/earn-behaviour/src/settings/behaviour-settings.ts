import { termSchema, text, wholeNumber, wordsSchema } from '@pointwell/plugin'
import { z } from 'zod'

/** So many behaviours can there be: what is remembered of a member for each has to fit into what a
 * source may remember. */
export const MOST_BEHAVIOURS = 25
/** The longest that a behaviour can be told of late; so long ended periods are remembered. */
export const MOST_DAYS_LATE = 3
/** Most that one act can earn, campaigns included, and most acts a period: low enough for sums to stay
 * exact. */
export const MOST_POINTS = 1_000_000_000
const MOST_TIMES = 1_000
/** Most points a period: what the most acts could earn. */
export const MOST_POINTS_A_PERIOD = MOST_POINTS * MOST_TIMES

export const PERIODS = ['day', 'week', 'month', 'year', 'ever'] as const
/** What acts are counted in: a day, week (from Monday), month or year of the programme’s calendar, or all
 * of a member’s life. */
export type Per = (typeof PERIODS)[number]

/** An operator's name for a behaviour: lower-case words joined by hyphens, at most 24 characters. */
export function behaviourId() {
  return z
    .string()
    .max(24, { abort: true })
    .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, {
      error: 'Expected lower-case words joined by hyphens, such as `complete-profile`.',
    })
}

const behaviour = z.strictObject({
  title: wordsSchema.describe('What members read.'),
  points: wholeNumber({ min: 0, max: MOST_POINTS }).describe('Points for doing it once.'),
  times: wholeNumber({ min: 1, max: MOST_TIMES })
    .default(1)
    .describe('How many times a member earns by it in each period.'),
  per: z
    .enum(PERIODS)
    .default('ever')
    .describe(
      'The period that `times` and `pointsLimit` are for, in the programme’s calendar; `ever`: once and for all.',
    ),
  pointsLimit: wholeNumber({ min: 1, max: MOST_POINTS_A_PERIOD })
    .nullable()
    .default(null)
    .describe('Points that it gives a member in a period at most; null: no limit but `times`.'),
  kind: text({ max: 40 })
    .nullable()
    .default(null)
    .describe('The points kind, one of the policy’s; null: the kind of this source.'),
  expiry: termSchema
    .nullable()
    .default(null)
    .describe('How long its points last; null: as the policy says for their kind and this source.'),
  core: z.boolean().default(false).describe('Whether statistics count it as a core behaviour.'),
  active: z
    .boolean()
    .default(true)
    .describe('Off: it earns nothing and is not shown, and what members did is remembered.'),
})

const defaultBehaviours: Readonly<Record<string, z.input<typeof behaviour>>> = {
  'sign-up': {
    title: { en: 'Sign up', zh: '注册' },
    points: 1_000,
    expiry: { term: 'months', months: 6 },
  },
  'complete-profile': { title: { en: 'Complete your profile', zh: '完善资料' }, points: 100 },
  'first-order': { title: { en: 'First order', zh: '首次下单' }, points: 200, core: true },
  share: { title: { en: 'Share', zh: '分享' }, points: 10, times: 3, per: 'day' },
  favourite: { title: { en: 'Favourite', zh: '收藏' }, points: 2, times: 5, per: 'day' },
}

/** What an operator sets about behaviours (E6): a part of the policy. */
export const behaviourSettings = z.strictObject({
  behaviours: z
    .record(behaviourId(), behaviour)
    .refine((all) => Object.keys(all).length <= MOST_BEHAVIOURS, {
      error: `Expected at most ${MOST_BEHAVIOURS} behaviours.`,
    })
    .prefault(defaultBehaviours)
    .describe('The behaviours by their ids, in the order in which members see them.'),
  daysLate: wholeNumber({ min: 0, max: MOST_DAYS_LATE })
    .default(MOST_DAYS_LATE)
    .describe('How many days after a period ended an act in it can still be told of.'),
})

export type BehaviourSettings = z.output<typeof behaviourSettings>
/** One behaviour as an operator set it. */
export type Behaviour = BehaviourSettings['behaviours'][string]

/** The behaviour of an id; undefined when there is none. */
export function findBehaviour(
  { behaviours }: Pick<BehaviourSettings, 'behaviours'>,
  id: string,
): Behaviour | undefined {
  return Object.hasOwn(behaviours, id) ? behaviours[id] : undefined
}
