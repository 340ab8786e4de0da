import fc, { type Arbitrary } from 'fast-check'
import { ACTIVITY_CLASSES, type MemberFacts } from '../../contract/plugin.js'
import { decimalArbitrary, wholeArbitrary } from '../arbitrary/number-arbitraries.js'
import { instantArbitrary } from '../arbitrary/time-arbitraries.js'

const multiplier = decimalArbitrary({ places: 3, min: '0', max: '10' })
const campaign = fc.record({ multiplier, extraPoints: wholeArbitrary({ min: 0, max: 1_000_000 }) })

/** Members as decisions see them: of all tiers, with campaigns, merged ones, staff. */
export function memberArbitrary(ids: Arbitrary<string>): Arbitrary<MemberFacts> {
  return fc
    .record(
      {
        id: ids,
        formerIds: fc.array(ids, { maxLength: 2 }),
        joinedAt: instantArbitrary(),
        region: fc.option(fc.constantFrom('a', 'class-1', 'constructor')),
        staff: fc.integer({ min: 0, max: 9 }).map((it) => it === 0),
        birthday: fc.option(
          fc.record({
            month: fc.integer({ min: 1, max: 12 }),
            day: fc.integer({ min: 1, max: 28 }),
          }),
        ),
        tier: fc.record({
          id: fc.constantFrom('regular', 'gold', 'constructor'),
          earnMultiplier: multiplier,
          birthdayMultiplier: multiplier,
        }),
        segments: fc.subarray(['new', 'champions']),
        activity: fc.constantFrom(...ACTIVITY_CLASSES),
        badges: fc.subarray(['first', 'collector']),
        campaigns: fc
          .array(campaign, { maxLength: 3 })
          .map((all) => all.map((it, place) => ({ id: `campaign-${place}`, ...it }))),
      },
      {
        requiredKeys: [
          'id',
          'joinedAt',
          'region',
          'staff',
          'birthday',
          'tier',
          'segments',
          'campaigns',
        ],
      },
    )
    .map((member) => member as MemberFacts)
}

/** Ids of a few members, so that the same one comes again. */
export function memberIds(): Arbitrary<string> {
  return fc.constantFrom('m-1', 'm-2', 'a', '1')
}
