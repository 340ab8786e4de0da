import { pureChecks } from '../decision/pure-checks.js'
import { everyPluginChecks } from '../every-plugin/every-plugin-checks.js'
import type { Check } from '../run/finding.js'
import type { EarnSession } from './earn-case.js'
import { earnCasesOfAll, earnOperations } from './earn-operations.js'
import { grantChecks } from './grant-checks.js'
import { leakChecks } from './leak-checks.js'
import { memoryChecks } from './memory-checks.js'
import { onceChecks } from './once-checks.js'
import { returnChecks } from './return-checks.js'
import { taskChecks } from './task-checks.js'

/** All that the contract asks of an earn source. */
export const earnSourceChecks: readonly Check<EarnSession>[] = [
  ...everyPluginChecks,
  ...pureChecks({ cases: earnCasesOfAll, operations: earnOperations }),
  ...grantChecks,
  ...onceChecks,
  ...memoryChecks,
  ...returnChecks,
  ...taskChecks,
  ...leakChecks,
]
