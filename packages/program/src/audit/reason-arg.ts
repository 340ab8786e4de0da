import type { Refusal } from '@pointwell/ledger'
import { Arg } from 'type-graphql'
import { checkReason } from '../adjustment/check-reason.js'

/** The argument `reason` of a mutation that needs none: what the audit says of an operator's act. */
export function ReasonArg(): ReturnType<typeof Arg> {
  return Arg('reason', () => String, {
    nullable: true,
    description: 'Why, for the audit of operators’ acts. 1 to 500 characters.',
  })
}

/** Refuses INVALID_INPUT (`reason`) where there is one and nobody could read it. */
export function checkGivenReason(reason: string | null | undefined): Refusal | null {
  return typeof reason === 'string' ? checkReason(reason) : null
}
