import { pureChecks } from '../decision/pure-checks.js'
import { grantChecks } from '../earn-source/grant-checks.js'
import { leakChecks } from '../earn-source/leak-checks.js'
import { memoryChecks } from '../earn-source/memory-checks.js'
import { onceChecks as sourceOnceChecks } from '../earn-source/once-checks.js'
import { returnChecks } from '../earn-source/return-checks.js'
import { taskChecks } from '../earn-source/task-checks.js'
import { everyPluginChecks } from '../every-plugin/every-plugin-checks.js'
import { fileChecks } from '../every-plugin/file-checks.js'
import { graphqlChecks } from '../every-plugin/graphql-checks.js'
import { inputChecks } from '../every-plugin/input-checks.js'
import { memberChecks } from '../every-plugin/member-checks.js'
import { shapeChecks } from '../every-plugin/shape-checks.js'
import { tableChecks } from '../every-plugin/table-checks.js'
import { notifierChecks } from '../notifier/notifier-checks.js'
import { answerChecks } from '../redemption-channel/answer-checks.js'
import { memberChecks as channelMemberChecks } from '../redemption-channel/member-checks.js'
import { onceChecks } from '../redemption-channel/once-checks.js'
import { unknownChecks } from '../redemption-channel/unknown-checks.js'
import { riskRuleChecks } from '../risk-rule/risk-rule-checks.js'
import type { CheckFacts } from '../run/finding.js'

const noCases = () => {
  throw new Error('these checks are only counted')
}
/** Checks that many kinds of plugins have, the same for all. */
const shared: readonly CheckFacts[] = [
  ...everyPluginChecks,
  ...pureChecks({ cases: noCases, operations: noCases }),
]
const ownOf = (checks: readonly CheckFacts[]) =>
  checks.filter(({ name }) => !shared.some((it) => it.name === name))

/** The checks of each file, and the kind of plugin that they are of; null: of all. */
export const CHECK_FILES: readonly {
  readonly file: string
  readonly kind: 'earn-source' | 'redemption-channel' | 'risk-rule' | 'notifier' | null
  readonly checks: readonly CheckFacts[]
}[] = [
  { file: 'every-plugin/shape-checks.ts', kind: null, checks: shapeChecks },
  { file: 'every-plugin/input-checks.ts', kind: null, checks: inputChecks },
  { file: 'every-plugin/graphql-checks.ts', kind: null, checks: graphqlChecks },
  { file: 'every-plugin/table-checks.ts', kind: null, checks: tableChecks },
  { file: 'every-plugin/member-checks.ts', kind: null, checks: memberChecks },
  { file: 'every-plugin/file-checks.ts', kind: null, checks: fileChecks },
  {
    file: 'decision/pure-checks.ts',
    kind: null,
    checks: shared.filter((it) => !everyPluginChecks.some(({ name }) => it.name === name)),
  },
  { file: 'earn-source/grant-checks.ts', kind: 'earn-source', checks: grantChecks },
  { file: 'earn-source/once-checks.ts', kind: 'earn-source', checks: sourceOnceChecks },
  { file: 'earn-source/memory-checks.ts', kind: 'earn-source', checks: memoryChecks },
  { file: 'earn-source/return-checks.ts', kind: 'earn-source', checks: returnChecks },
  { file: 'earn-source/task-checks.ts', kind: 'earn-source', checks: taskChecks },
  { file: 'earn-source/leak-checks.ts', kind: 'earn-source', checks: leakChecks },
  {
    file: 'redemption-channel/answer-checks.ts',
    kind: 'redemption-channel',
    checks: answerChecks,
  },
  { file: 'redemption-channel/once-checks.ts', kind: 'redemption-channel', checks: onceChecks },
  {
    file: 'redemption-channel/unknown-checks.ts',
    kind: 'redemption-channel',
    checks: unknownChecks,
  },
  {
    file: 'redemption-channel/member-checks.ts',
    kind: 'redemption-channel',
    checks: channelMemberChecks,
  },
  { file: 'risk-rule/risk-rule-checks.ts', kind: 'risk-rule', checks: ownOf(riskRuleChecks) },
  { file: 'notifier/notifier-checks.ts', kind: 'notifier', checks: ownOf(notifierChecks) },
]

/** Whether a check is one of a file's: `earn-source/grant-checks.ts`. */
export function checksOf(file: string): (kind: string, name: string) => boolean {
  const found = CHECK_FILES.find((it) => it.file === file)
  if (!found) throw new Error(`No checks are in ${file || 'a file without a name'}`)
  return (kind, name) =>
    (found.kind === null || found.kind === kind) && found.checks.some((it) => it.name === name)
}
