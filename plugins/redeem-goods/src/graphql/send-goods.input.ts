import { type Refusal, readBySchema, refuse, text } from '@pointwell/plugin'
import { Field, ID, InputType } from 'type-graphql'

const MAX_CARRIER = 64
const MAX_TRACKING = 100

@InputType({ description: 'Goods that go out, and with whom.' })
export class SendGoodsInput {
  @Field(() => ID, { description: 'The redemption they were got by.' })
  redemptionId!: string

  @Field(() => String, { description: `Who carries them, 1 to ${MAX_CARRIER} characters.` })
  carrier!: string

  @Field(() => String, {
    description: `The carrier’s number of the parcel, 1 to ${MAX_TRACKING} characters.`,
  })
  trackingNumber!: string
}

const fields = {
  carrier: text({ max: MAX_CARRIER }),
  trackingNumber: text({ max: MAX_TRACKING }),
} as const

/** `INVALID_INPUT` for a carrier or a number that cannot be shown. */
export function checkSendGoods(input: SendGoodsInput): Refusal | null {
  for (const field of ['carrier', 'trackingNumber'] as const) {
    const { error } = readBySchema(fields[field], input[field])
    if (error) {
      return refuse('INVALID_INPUT', { field, detail: error.issues[0]?.message ?? '' })
    }
  }
  return null
}
