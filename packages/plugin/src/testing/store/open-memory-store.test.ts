import { AsyncResource } from 'node:async_hooks'
import { describe, expect, it } from 'vitest'
import { openMemoryStore } from './open-memory-store.js'

describe('a store in memory', () => {
  it('leaves nothing that what comes later would have to carry', async () => {
    const carried = () => Object.getOwnPropertySymbols(new AsyncResource('later')).length
    const before = carried()
    const { store, close } = await openMemoryStore({})
    const one = await store.write((manager) => manager.query('SELECT 1 AS one'))
    expect(one).toEqual([{ one: 1 }])
    await close()
    expect(carried()).toBe(before)
  })
})
