import { Arg } from 'type-graphql'

/** The argument `reason` of a mutation that needs none: what the audit says of an operator's act (O5);
 * `checkReason` of the contract says whether it can be read. */
export function ReasonArg(): ReturnType<typeof Arg> {
  return Arg('reason', () => String, {
    nullable: true,
    description: 'Why, for the audit of operators’ acts. 1 to 500 characters.',
  })
}
