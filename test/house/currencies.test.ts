import { findCurrencyDigits } from '@pointwell/ledger/graphql'
import { CURRENCIES, minorDigits } from '@pointwell/plugin'
import { expect, it } from 'vitest'

/** The contract may take only types from the ledger, so each has its table: they must be one. */
it('the ledger and the contract know the same currencies with the same digits', () => {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  const codes = letters.flatMap((a) => letters.flatMap((b) => letters.map((c) => a + b + c)))
  const known = codes.filter((code) => findCurrencyDigits(code) !== undefined)
  expect(known.length).toBeGreaterThan(150)
  expect([...CURRENCIES].sort()).toEqual(known)
  for (const code of known)
    expect([code, minorDigits(code)]).toEqual([code, findCurrencyDigits(code)])
})
