export declare const fileName: string

/** The figures of the specification. */
export declare const expected: Readonly<{
  customers: number
  orders: number
  cancellations: number
  granted: number
  unitsTakenBack: number
  unitsUncovered: number
  balanceTotal: number
}>

export declare function oracle(path: string): {
  customers: number
  customersWithOrders: number
  orders: number
  ordersWithoutPoints: number
  cancellations: number
  granted: number
  unitsTakenBack: number
  unitsUncovered: number
  uncoveredLines: number
  ordersReturnedFrom: number
  cancellationOrderPairs: number
  pointsTakenBack: number
  balanceTotal: number
  lines: number
  linesSkipped: { noCustomer: number; notProduct: number; neither: number }
  skippedLines: { noCustomer: number[]; notProduct: number[]; neither: number[] }
  balances: Map<string, number>
  uncovered: {
    customer: string
    cancellation: string
    cancellationLine: number
    article: string
    units: number
    of: number
  }[]
}
