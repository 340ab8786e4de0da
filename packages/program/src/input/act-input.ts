import { Field, ID, InputType } from 'type-graphql'

/** What every input of an operator's act has that can be sent again: why, and a key. `same`: what it is the
 * same of (`merge`). A class to extend. */
export function actInput(same: string) {
  @InputType()
  abstract class ActInput {
    @Field(() => String, { description: 'Why; kept for ever. 1 to 500 characters.' })
    reason!: string

    @Field(() => ID, {
      description: `The same key again is the same ${same}. Up to 100 characters.`,
    })
    idempotencyKey!: string
  }
  return ActInput
}

/** The same of an act on one member. `whose`: what of the member's it is about (`Whose points.`). */
export function memberActInput({ whose, same }: { whose: string; same: string }) {
  @InputType()
  abstract class MemberActInput extends actInput(same) {
    @Field(() => ID, { description: whose })
    memberId!: string
  }
  return MemberActInput
}
