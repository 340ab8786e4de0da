/** Codes that any plugin may answer with and none declares: the programme has words for them. */
export const COMMON_REFUSALS = [
  'INVALID_INPUT',
  'EVENT_IN_FUTURE',
  'CURRENCY_NOT_SUPPORTED',
] as const

export type CommonRefusalCode = (typeof COMMON_REFUSALS)[number]
