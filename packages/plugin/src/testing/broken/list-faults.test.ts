import { expect, it } from 'vitest'
import { findListFaults } from './list-faults.js'

it('each check of the kit can fail: some plugin of its kind is broken so that it does', () => {
  expect(findListFaults()).toEqual([])
})
