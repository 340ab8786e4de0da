import { registerEnumType } from 'type-graphql'
import type { CodeOutcome } from '../code-pool/code-outcomes.js'

/** What became of a code of a list, as an enum of a plugin's own: its name in the schema. */
export function codeOutcomeEnum(name: string): Readonly<Record<string, CodeOutcome>> {
  const outcomes = {
    IMPORTED: 'imported',
    VOIDED: 'voided',
    DUPLICATE: 'duplicate',
    GIVEN: 'given',
    UNKNOWN: 'unknown',
    INVALID: 'invalid',
  } as const satisfies Record<string, CodeOutcome>
  registerEnumType(outcomes, {
    name,
    description: 'What became of one code of a list.',
    valuesConfig: {
      IMPORTED: { description: 'It is in the pool now and was not before.' },
      VOIDED: { description: 'Nobody will get it; it was not given before.' },
      DUPLICATE: { description: 'The pool has it already, or the list had it before.' },
      GIVEN: { description: 'Somebody got it before and keeps it.' },
      UNKNOWN: { description: 'The pool does not have it.' },
      INVALID: { description: 'It is not 1 to 200 visible ASCII characters.' },
    },
  })
  return outcomes
}
