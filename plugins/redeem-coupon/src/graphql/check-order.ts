import { identifier, type Refusal, readBySchema, refuse } from '@pointwell/plugin'

const orderIdentifier = identifier()

/** `INVALID_INPUT` for an order's id that no shop has. */
export function checkOrderId(orderId: string): Refusal | null {
  const { error } = readBySchema(orderIdentifier, orderId)
  return error
    ? refuse('INVALID_INPUT', { field: 'orderId', detail: error.issues[0]?.message ?? '' })
    : null
}

/** `INVALID_INPUT` for a delivery fee of less than nothing. */
export function checkDeliveryFee(amountMinor: number | undefined): Refusal | null {
  return amountMinor === undefined || amountMinor >= 0
    ? null
    : refuse('INVALID_INPUT', { field: 'deliveryFee', detail: 'Expected nothing or more.' })
}

/** `INVALID_INPUT` for an order that comes to nothing or less. */
export function checkOrderAmount(amountMinor: number): Refusal | null {
  return amountMinor > 0
    ? null
    : refuse('INVALID_INPUT', { field: 'orderAmount', detail: 'Expected more than nothing.' })
}
