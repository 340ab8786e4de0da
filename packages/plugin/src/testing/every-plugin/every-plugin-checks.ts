import type { Check } from '../run/finding.js'
import type { Session } from '../run/session.js'
import { fileChecks } from './file-checks.js'
import { graphqlChecks } from './graphql-checks.js'
import { inputChecks } from './input-checks.js'
import { memberChecks } from './member-checks.js'
import { shapeChecks } from './shape-checks.js'
import { tableChecks } from './table-checks.js'

/** What holds for every plugin, of whatever kind. */
export const everyPluginChecks: readonly Check<Session>[] = [
  ...shapeChecks,
  ...inputChecks,
  ...graphqlChecks,
  ...tableChecks,
  ...memberChecks,
  ...fileChecks,
]
