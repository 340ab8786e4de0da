import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import {
  defineNotifier,
  type MemberChanges,
  type PluginFault,
  type PluginStore,
  runMemberChange,
  runNamedBy,
} from '../index.js'

const store = { read: async () => undefined as never } as unknown as PluginStore
const names = { idsOf: async (id: string) => [id] }
const done = async () => {}

function pluginWith(members?: MemberChanges) {
  return defineNotifier({
    id: 'post',
    version: '1.0.0',
    contract: '^1.0.0',
    title: { en: 'Post', zh: '邮寄' },
    settings: z.object({}),
    deliver: async () => ({ outcome: 'delivered' }),
    ...(members && { members }),
  })
}

function reporting() {
  const faults: PluginFault[] = []
  return {
    faults,
    options: { store, names, watch: { failed: (fault: PluginFault) => void faults.push(fault) } },
  }
}

describe('M8: what a plugin does about members that change', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is told who, and where its tables are', async () => {
    const erased = vi.fn(done)
    const merged = vi.fn(done)
    const plugin = pluginWith({ erased, merged })
    await runMemberChange(plugin, 'erased', { memberId: 'm', pseudonym: 'p' }, { store, names })
    await runMemberChange(plugin, 'merged', { from: 'm', into: 'n' }, { store, names })
    expect(erased.mock.calls).toEqual([[{ memberId: 'm', pseudonym: 'p' }, store]])
    expect(merged.mock.calls).toEqual([[{ from: 'm', into: 'n' }, store, names]])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('one that keeps nothing is told nothing', async () => {
    await runMemberChange(pluginWith(), 'merged', { from: 'm', into: 'n' }, { store, names })
    expect(await runNamedBy(pluginWith(), 'm', { store, names })).toEqual([])
    expect(
      await runNamedBy(pluginWith({ erased: done, merged: done }), 'm', { store, names }),
    ).toEqual([])
  })

  it('says whose events name the member', async () => {
    const plugin = pluginWith({ erased: done, merged: done, namedBy: async (id) => [`${id}2`] })
    expect(await runNamedBy(plugin, 'm', { store, names })).toEqual(['m2'])
  })

  it.each(['m', [1], undefined])(
    'an answer of %j to who names the member is nonsense',
    async (answer) => {
      const { faults, options } = reporting()
      const plugin = pluginWith({
        erased: done,
        merged: done,
        namedBy: async () => answer as never,
      })
      await expect(runNamedBy(plugin, 'm', options)).rejects.toMatchObject({ reason: 'nonsense' })
      expect(faults).toMatchObject([{ plugin: 'post', operation: 'namedBy' }])
    },
  )

  it.each([
    [async () => Promise.reject(new Error('no table'))],
    [
      () => {
        throw new Error('no table')
      },
    ],
  ])('its failing is told, and not taken for done', async (erased) => {
    const { faults, options } = reporting()
    const plugin = pluginWith({ erased, merged: done })
    const change = { memberId: 'm', pseudonym: 'p' }
    await expect(runMemberChange(plugin, 'erased', change, options)).rejects.toThrow('no table')
    expect(faults).toMatchObject([{ plugin: 'post', operation: 'erased', reason: 'threw' }])
  })

  it('so is one that does not come back', async () => {
    const { faults, options } = reporting()
    const plugin = pluginWith({ erased: () => new Promise(() => {}), merged: done })
    const running = runMemberChange(plugin, 'erased', { memberId: 'm', pseudonym: 'p' }, options)
    const ended = expect(running).rejects.toMatchObject({ reason: 'timed-out' })
    await vi.advanceTimersByTimeAsync(60_000)
    await ended
    expect(faults).toHaveLength(1)
  })

  it('half of it is no definition', () => {
    const half = { erased: done } as unknown as MemberChanges
    expect(() => pluginWith(half)).toThrow(/its members must be an object with erased\(\), merged/)
  })
})
