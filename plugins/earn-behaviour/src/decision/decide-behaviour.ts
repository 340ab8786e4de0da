import {
  campaignPoints,
  cutCampaigns,
  type EarnContext,
  type EarnDecision,
  grant,
  type Step,
  step,
} from '@pointwell/plugin'
import type { BehaviourEvent } from '../event/behaviour-event.js'
import type { BehaviourMemory } from '../memory/behaviour-memory.js'
import { rememberAct } from '../memory/remember-act.js'
import {
  type Behaviour,
  type BehaviourSettings,
  findBehaviour,
  MOST_POINTS,
} from '../settings/behaviour-settings.js'
import { checkAct } from './check-act.js'
import { roomIn } from './room-in.js'

/** What the answer to an act tells besides points. */
export interface BehaviourDetails {
  readonly behaviour: string
  /** How many times it earns again in its period, right after this one. */
  readonly left: number
  /** Where none is left: from when on it earns again, epoch milliseconds; null: never. */
  readonly againAt: number | null
}

/**
 * What an act earns by its behaviour (E6): the behaviour's points, then campaigns, cut to what its limit
 * of points leaves in the period of the act. Refusals: see `checkAct`.
 */
export function decideBehaviour(
  context: EarnContext<BehaviourSettings, BehaviourEvent, BehaviourMemory>,
): EarnDecision<BehaviourMemory> {
  const { event, memory, settings, member, calendar, now } = context
  const refusal = checkAct(context)
  if (refusal) return refusal

  const { behaviour: id, at } = event
  const behaviour = findBehaviour(settings, id)!
  const { period, points: most } = roomIn({ id, behaviour, memory, calendar, at })
  const wanted = campaignPoints(behaviour.points, member.campaigns, { most: MOST_POINTS })
  const points = Math.min(wanted.points, most)

  const campaigns = cutCampaigns(wanted.campaigns, wanted.points - points)
  const remembered = rememberAct(memory, { id, period, points, settings, calendar, now })
  const after = roomIn({ id, behaviour, memory: remembered, calendar, at })
  const left = after.points > 0 ? after.times : 0
  const details: BehaviourDetails = { behaviour: id, left, againAt: after.againAt }
  return grant({
    points,
    because: [
      step('behaviour', behaviour.points, { behaviour: id, title: { ...behaviour.title } }),
      ...wanted.steps,
      ...limitSteps(behaviour, points - wanted.points),
    ],
    ...(behaviour.kind !== null && { kind: behaviour.kind }),
    ...(behaviour.expiry !== null && { expiry: behaviour.expiry }),
    core: behaviour.core,
    behaviour: id,
    ...(campaigns.length > 0 && { campaigns }),
    at,
    tags: [id],
    memory: remembered,
    details,
  })
}

function limitSteps({ pointsLimit: limit, per }: Behaviour, cut: number): Step[] {
  return cut === 0 ? [] : [step('points-limit', cut, { limit, per })]
}
