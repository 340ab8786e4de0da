import { describe, expect, it } from 'vitest'
import { availableStores } from '../../../../test/support/databases.js'
import {
  DAY_MS,
  MONDAY_NOON,
  openTestProgram,
  shelf,
} from '../../../../test/support/test-program.js'
import { assertDone, bell, shop } from '../../../../test/support/test-program-plugins.js'
import type { PolicyUpdated } from './open-policy-book.js'

const sqlStores = availableStores().filter((store) => store !== 'memory')
const by = 'rosa'
const faultsOf = (answer: PolicyUpdated) => ('faults' in answer && answer.faults) || []

describe.each(sqlStores)('E1: the policy on %s', (store) => {
  it('starts an empty store with the defaults as version 1', async () => {
    const { program } = await openTestProgram(store)
    const { version, effectiveFrom, document } = program.policies.at(MONDAY_NOON)
    expect({ version, effectiveFrom }).toEqual({ version: 1, effectiveFrom: MONDAY_NOON })
    expect(document.programme).toMatchObject({ zone: 'Asia/Shanghai', currency: 'CNY' })
    expect(program.policies.at(0).version).toBe(1)
  })

  it('starts with another first policy when told, once', async () => {
    const firstPolicy = { programme: { currency: 'GBP', zone: 'Europe/London' } }
    const { program, url } = await openTestProgram(store, { firstPolicy })
    expect(program.policies.at(MONDAY_NOON).document.programme.currency).toBe('GBP')
    const again = await openTestProgram(store, { url, firstPolicy: {} })
    expect(again.program.policies.at(MONDAY_NOON).document.programme.currency).toBe('GBP')
    expect(again.program.policies.page(null, 10)).toHaveLength(1)
  })

  it('takes a new version from its time on, and remembers who and why', async () => {
    const { program, time } = await openTestProgram(store)
    const effectiveFrom = MONDAY_NOON + DAY_MS
    const document = { returns: { policy: 'pending-only' } }
    const updated = await program.policies.update({ document, effectiveFrom, note: 'spring', by })
    expect(updated).toMatchObject({
      updated: {
        version: 2,
        effectiveFrom,
        createdBy: 'rosa',
        note: 'spring',
        createdAt: time.now,
      },
    })
    expect(program.policies.at(effectiveFrom - 1).version).toBe(1)
    expect(program.policies.at(effectiveFrom).version).toBe(2)
    expect(program.policies.get(1).document.returns.policy).toBe('debt')
    expect(program.policies.page(null, 10).map(({ version }) => version)).toEqual([2, 1])
    expect(program.policies.page(2, 10).map(({ version }) => version)).toEqual([1])
  })

  it('changes nothing on a bad document, and names every fault', async () => {
    const { program } = await openTestProgram(store)
    const document = { returns: { policy: 'mercy' }, sources: { purchase: { kind: 'gold-dust' } } }
    const answer = await program.policies.update({ document, by })
    expect(answer.refused).toBeUndefined()
    const faults = 'faults' in answer ? answer.faults : []
    expect(faults?.map(({ path }) => path).sort()).toEqual([
      'returns.policy',
      'sources.purchase.kind',
    ])
    const early = await program.policies.update({ document: {}, effectiveFrom: 1, by })
    expect(early).toMatchObject({ faults: [{ path: 'effectiveFrom' }] })
    expect(program.policies.page(null, 10)).toHaveLength(1)
  })

  it('M6: names segments that a campaign asks for and there are not, and still reads such a version', async () => {
    const { program, database, url } = await openTestProgram(store)
    const title = { en: 'x', zh: 'x' }
    const window = { from: '2026-03-01T00:00:00Z', until: '2026-04-01T00:00:00Z' }
    const withSegments = (...segments: string[]) => ({
      campaigns: [{ id: 'spring', title, ...window, segments }],
    })
    const refused = await program.policies.update({
      document: withSegments('lost', 'mislaid'),
      by,
    })
    expect(faultsOf(refused)).toEqual([
      { path: 'campaigns.0.segments.1', message: 'There is no segment mislaid.' },
    ])
    const taken = await program.policies.update({ document: withSegments('lost'), by })
    expect(taken).toHaveProperty('updated')
    // As a server wrote it that did not look.
    await database.write(async (manager) => {
      const old = JSON.stringify(withSegments('mislaid'))
      await database
        .connection(manager)
        .run('UPDATE policy_version SET document = ? WHERE version = 2', [old])
    })
    const later = await openTestProgram(store, { url })
    expect(later.program.policies.get(2).document.campaigns[0]?.segments).toEqual(['mislaid'])
  })

  it('refuses a change that was made from an older version', async () => {
    const { program } = await openTestProgram(store)
    const change = (baseVersion: number) =>
      program.policies.update({ document: {}, baseVersion, by })
    expect(await change(1)).toMatchObject({ updated: { version: 2 } })
    expect(await change(1)).toMatchObject({ code: 'POLICY_CONFLICT' })
    expect(await change(2)).toMatchObject({ updated: { version: 3 } })
  })

  it('of many changes from the same version lets one through', async () => {
    const { program, url, time } = await openTestProgram(store)
    const other = await openTestProgram(store, { url, time })
    const answers = await Promise.all(
      [program, other.program, program, other.program, program].map(({ policies }) =>
        policies.update({ document: {}, baseVersion: 1, by }),
      ),
    )
    expect(answers.filter((it) => it.refused)).toHaveLength(4)
    const free = await Promise.all(
      [program, other.program, program].map(({ policies }) =>
        policies.update({ document: {}, by }),
      ),
    )
    expect(free.map((it) => ('updated' in it ? it.updated?.version : 0)).sort()).toEqual([3, 4, 5])
  })

  it('keeps its zone and currency from the first member on, and names the field', async () => {
    const { program } = await openTestProgram(store)
    const london = { programme: { zone: 'Europe/London', currency: 'GBP' } }
    // A fresh store may still be made another's; from a later time on would be too late.
    const later = { document: london, effectiveFrom: MONDAY_NOON + DAY_MS, by }
    expect(faultsOf(await program.policies.update(later)).map(({ path }) => path)).toEqual([
      'programme.zone',
      'programme.currency',
    ])
    expect(await program.policies.update({ document: london, by })).toHaveProperty('updated')
    await program.members.register({ id: 'ann' })
    const answer = await program.policies.update({
      document: { programme: { zone: 'Europe/London', currency: 'EUR' } },
      by,
    })
    expect(faultsOf(answer)).toEqual([
      { path: 'programme.currency', message: expect.stringContaining('GBP') },
    ])
    // To leave the section out would be to go back to the defaults.
    expect(faultsOf(await program.policies.update({ document: {}, by }))).toHaveLength(2)
    const kept = { ...london, returns: { policy: 'pending-only' } }
    expect(await program.policies.update({ document: kept, by })).toMatchObject({
      updated: { version: 3 },
    })
  })

  it('keeps its currency when there are offers that are worth some of it', async () => {
    const { program } = await openTestProgram(store)
    const title = { en: 'Tea', zh: '茶' }
    const price = { byHand: 100 }
    assertDone(
      await program.offers.create({
        id: 'tea',
        channel: 'shelf',
        title,
        cashValue: '1.00 CNY',
        price,
      }),
    )
    const document = { programme: { currency: 'GBP' } }
    expect(faultsOf(await program.policies.update({ document, by }))).toMatchObject([
      { path: 'programme.currency' },
    ])
  })

  it('reaches the other servers', async () => {
    const { program, url, time } = await openTestProgram(store)
    const other = await openTestProgram(store, { url, time, pollMs: 10 })
    other.program.start()
    await program.policies.update({ document: { returns: { policy: 'pending-only' } }, by })
    await expect.poll(() => other.program.policies.at(time.now).version).toBe(2)
    await other.program.close()
  })

  it('G3: does not start on settings that its plugins do not take', async () => {
    const { url, database } = await openTestProgram(store)
    await database.write((manager) =>
      manager.query(
        `UPDATE policy_version SET document = '{"sources":{"purchase":{"settings":{"minorPerPoint":"x"}}}}'`,
      ),
    )
    await expect(openTestProgram(store, { url })).rejects.toThrow(
      /Version 1 of the policy.*\n.*sources\.purchase\.settings\.minorPerPoint/,
    )
  })

  it('gives new plugins their defaults, and leaves alone what it does not have', async () => {
    const { url, program } = await openTestProgram(store, { plugins: [shop] })
    expect(program.settings('bell')).toBeUndefined()
    const wider = await openTestProgram(store, { url, plugins: [shop, bell, shelf] })
    expect(wider.program.settings('bell')).toEqual({ each: 5 })
    await wider.program.policies.update({
      document: { sources: { bell: { settings: { each: 9 } } } },
      by,
    })
    const narrow = await openTestProgram(store, { url, plugins: [shop] })
    expect(narrow.program.policies.at(MONDAY_NOON).version).toBe(2)
    const again = await openTestProgram(store, { url, plugins: [shop, bell, shelf] })
    expect(again.program.settings('bell')).toEqual({ each: 9 })
  })
})
