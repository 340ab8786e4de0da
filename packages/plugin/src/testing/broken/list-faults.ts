import { CHECKS } from '../index.js'
import { BROKEN_CHANNELS } from './broken-channels.js'
import { BROKEN_NOTIFIERS, BROKEN_RULES } from './broken-others.js'
import { BROKEN_SOURCES } from './broken-sources.js'
import { CHECK_FILES } from './checks-of.js'

const BROKEN: Readonly<Record<keyof typeof CHECKS, readonly { foundBy: readonly string[] }[]>> = {
  'earn-source': BROKEN_SOURCES,
  'redemption-channel': BROKEN_CHANNELS,
  'risk-rule': BROKEN_RULES,
  notifier: BROKEN_NOTIFIERS,
}
const kinds = Object.keys(CHECKS) as (keyof typeof CHECKS)[]

/** What is wrong with the list of checks: one that no broken plugin of its kind fails, one that a plugin is
 * said to fail and that is not there, one that is in no file or does not say what it means. */
export function findListFaults(): string[] {
  const foundOf = (kind: keyof typeof CHECKS) => BROKEN[kind].flatMap(({ foundBy }) => foundBy)
  const cannotFail = CHECK_FILES.flatMap(({ kind, checks }) => {
    const found = new Set(kind ? foundOf(kind) : kinds.flatMap(foundOf))
    return checks.filter(({ name }) => !found.has(name)).map(({ name }) => `${name} cannot fail`)
  })
  const known = CHECK_FILES.flatMap(({ checks }) => checks.map(({ name }) => name))
  return kinds.flatMap((kind) => {
    const names = CHECKS[kind].map(({ name }) => name)
    return [
      ...foundOf(kind)
        .filter((name) => !names.includes(name))
        .map((name) => `${kind} has no ${name}`),
      ...names.filter((name) => !known.includes(name)).map((name) => `${name} is in no file`),
      ...CHECKS[kind]
        .filter(({ means }) => !(means.en && means.zh))
        .map(({ name }) => `${name} means nothing`),
      ...cannotFail,
    ]
  })
}
