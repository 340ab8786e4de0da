import type { Job } from '../jobs/job.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import type { IdentityCases } from './open-identity-cases.js'

const DAY_MS = 86_400_000

/** What looks at identities anew where their limits were changed, and once a day, when what was seen long
 * ago no longer counts (E12). */
export function identityCaseJobs(cases: IdentityCases, policies: PolicyReads): readonly Job[] {
  let reviewed: { readonly rules: string; readonly at: number } | undefined
  return [
    {
      name: 'review-identities',
      title: { en: 'Look for over-linked identities', zh: '核查过度关联的身份' },
      everyMs: 60_000,
      async run({ now, signal }) {
        const rules = JSON.stringify(policies.at(now).document.identities)
        if (reviewed?.rules === rules && now - reviewed.at < DAY_MS) return 'nothing has changed'
        const count = await cases.reviewAll(signal)
        if (!signal.aborted) reviewed = { rules, at: now }
        return `${count} looked at`
      },
    },
  ]
}
