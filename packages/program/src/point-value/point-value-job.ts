import { isRefusal } from '@pointwell/ledger'
import type { Job } from '../jobs/job.js'
import { cronOf } from '../jobs/jobs-section.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import type { PointValues } from './open-point-values.js'

/** Announces what the price index asks for, where the operator lets that happen by itself (X8). */
export function pointValueJob(
  pointValues: PointValues,
  { policies, clock }: { policies: PolicyReads; clock: () => number },
): Job {
  return {
    name: 'point-value',
    title: {
      en: 'Let the value of a point follow the price index',
      zh: '积分价值随物价指数调整',
    },
    cron: () => cronOf(policies.at(clock()).document, 'point-value'),
    async run({ now }) {
      const { follows } = policies.at(now).document.pointValue
      if (follows?.apply !== 'announce') return 'nothing to announce by itself'
      const announced = await pointValues.announce({ by: 'pointwell', note: NOTE })
      if (!isRefusal(announced)) return `${announced.value} from ${announced.from} on`
      return announced.code === 'POINT_VALUE_NOT_DUE'
        ? 'nothing is due'
        : 'another policy waits for its day'
    },
  }
}

const NOTE = 'The value of a point follows the price index.'
