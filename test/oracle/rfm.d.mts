export interface Scores {
  recency: number
  frequency: number
  monetary: number
}

export declare function rfmOracle(
  orders: readonly { customer: string; date: string; cents: number }[],
  window: { first: string; last: string },
): Map<string, Scores>
