export declare const fileName: string

export declare const expected: Readonly<{
  customers: number
  orders: number
  amountCents: number
  ordersOfAmountZero: number
  exactDuplicates: number
  granted: number
  balanceTotal: number
}>

export declare function oracle(path: string): {
  customers: number
  orders: number
  granted: number
  balanceTotal: number
  ordersWithoutPoints: number
  customersWithoutPoints: number
  balances: Map<string, number>
  /** Dates are `YYYYMMDD`. */
  orderList: { id: string; customer: string; date: string; cents: number }[]
}
