import { isRefusal } from '@pointwell/ledger'
import { describe, expect, it } from 'vitest'
import { availableStores } from '../../../../test/support/databases.js'
import { DAY_MS, MONDAY_NOON, openTestProgram } from '../../../../test/support/test-program.js'
import { assertDone } from '../../../../test/support/test-program-plugins.js'

const sqlStores = availableStores().filter((store) => store !== 'memory')

const ann = {
  id: 'ann',
  joinedAt: '2025-03-01T00:00:00Z',
  birthday: { month: 2, day: 29 },
  region: 'class-3',
  staff: true,
  consent: [{ channel: 'e-mail', granted: true }],
  identities: [
    { kind: 'phone', value: '+86 138 0000 0000' },
    { kind: 'card', value: '6222' },
  ],
}

describe.each(sqlStores)('members on %s', (store) => {
  it('M1: registers 500 at once with all the identities that they may have', async () => {
    const { program } = await openTestProgram(store, {
      firstPolicy: { identities: { limits: { phone: 100 } } },
    })
    const batch = Array.from({ length: 500 }, (_, n) => ({
      id: `m${n}`,
      identities: Array.from({ length: 100 }, (_, of) => ({ kind: 'phone', value: `${n}/${of}` })),
    }))
    expect((await program.members.registerMany(batch)).filter(isRefusal)).toEqual([])
    const last = { id: 'thief', identities: [{ kind: 'phone', value: '499/99' }] }
    expect(await program.members.registerMany([...batch.slice(1), last])).toMatchObject([
      ...batch.slice(1).map(() => ({ created: false })),
      { code: 'IDENTITY_TAKEN', figures: { field: 'identities.0' } },
    ])
  })

  it('M1: keeps what was said of a member, and opens the wallet', async () => {
    const { program, ledger } = await openTestProgram(store)
    const registered = await program.members.register(ann)
    assertDone(registered)
    const { member, created } = registered
    expect(created).toBe(true)
    expect(member).toEqual({
      wallet: 1,
      id: 'ann',
      joinedAt: Date.parse(ann.joinedAt),
      birthday: { month: 2, day: 29 },
      region: 'class-3',
      staff: true,
      consent: ann.consent,
      overLinked: false,
      pauses: { latest: 0, open: [] },
      segments: [],
      rfm: null,
      erasedAt: null,
    })
    expect(await program.members.find('ann')).toEqual(member)
    expect((await program.members.findIdentities([1])).get(1)).toEqual([
      { kind: 'card', value: '6222' },
      { kind: 'phone', value: '+86 138 0000 0000' },
    ])
    expect((await ledger.store.findWallets([1]))[0]).toMatchObject({ id: 1, version: 0 })
  })

  it('M1: registering again is the same member, with other content a refusal that names it', async () => {
    const { program } = await openTestProgram(store)
    await program.members.register(ann)
    expect(await program.members.register(ann)).toMatchObject({ created: false })
    const turned = { ...ann, identities: ann.identities.toReversed() }
    expect(await program.members.register(turned)).toMatchObject({ created: false })
    expect(await program.members.register({ id: 'ann' })).toMatchObject({ created: false })
    const others: [object, string][] = [
      [{ region: 'class-1' }, 'region'],
      [{ birthday: { month: 2, day: 28 } }, 'birthday.day'],
      [{ staff: false }, 'staff'],
      [{ joinedAt: '2025-03-01T00:00:01Z' }, 'joinedAt'],
      [{ identities: [{ kind: 'card', value: '6222' }] }, 'identities.1'],
      [{ consent: [{ channel: 'e-mail', granted: false }] }, 'consent.0.granted'],
    ]
    for (const [other, field] of others) {
      expect(await program.members.register({ ...ann, ...other })).toMatchObject({
        code: 'MEMBER_EXISTS',
        figures: { field },
      })
    }
  })

  it('tells ids apart that differ only in case, and keeps joined at now when nothing is said', async () => {
    const { program } = await openTestProgram(store)
    const results = await program.members.registerMany([
      { id: 'Bob' },
      { id: 'bob' },
      { id: 'BOB' },
    ])
    const wallets = results.map((it) => (isRefusal(it) ? it.code : it.member.wallet))
    expect(new Set(wallets).size).toBe(3)
    expect(await program.members.find('bOb')).toBeUndefined()
    expect(await program.members.find('bob ')).toBeUndefined()
    expect((await program.members.find('bob'))?.joinedAt).toBe(MONDAY_NOON)
  })

  it.each<[string, object, string]>([
    ['no id', { id: '' }, 'id'],
    ['a long id', { id: 'x'.repeat(65) }, 'id'],
    ['a space in the id', { id: 'a b' }, 'id'],
    ['a control character', { id: 'a\u0000' }, 'id'],
    ['31 April', { id: 'a', birthday: { month: 4, day: 31 } }, 'birthday.day'],
    ['month 13', { id: 'a', birthday: { month: 13, day: 1 } }, 'birthday.month'],
    ['a region of spaces', { id: 'a', region: ' ' }, 'region'],
    [
      'an identity of no kind there is',
      { id: 'a', identities: [{ kind: 'iris', value: 'x' }] },
      'identities.0.kind',
    ],
    [
      'half a surrogate pair',
      { id: 'a', identities: [{ kind: 'card', value: '\ud800' }] },
      'identities.0.value',
    ],
    [
      'an identity twice',
      {
        id: 'a',
        identities: [
          { kind: 'card', value: '1' },
          { kind: 'card', value: '1' },
        ],
      },
      'identities.1',
    ],
    ['what nobody asked for', { id: 'a', email: 'x' }, 'email'],
  ])('refuses %s', async (_, input, field) => {
    const { program } = await openTestProgram(store)
    expect(await program.members.register(input as never)).toMatchObject({
      code: 'INVALID_INPUT',
      figures: { field },
    })
  })

  it('M1: limits identities by kind, and each belongs to one member', async () => {
    const { program } = await openTestProgram(store)
    const phones = (count: number) =>
      Array.from({ length: count }, (_, n) => ({ kind: 'phone', value: `${n}` }))
    expect(await program.members.register({ id: 'a', identities: phones(2) })).toMatchObject({
      code: 'IDENTITY_LIMIT',
      figures: { field: 'identities.1', limit: 1 },
    })
    const results = await program.members.registerMany([
      { id: 'a', identities: phones(1) },
      { id: 'b', identities: phones(1) },
      { id: 'c' },
    ])
    expect(results.map((it) => (isRefusal(it) ? it.code : it.created))).toEqual([
      true,
      'IDENTITY_TAKEN',
      true,
    ])
    expect(await program.members.find('b')).toBeUndefined()
    expect(await program.members.update({ id: 'c', identities: phones(1) })).toMatchObject({
      code: 'IDENTITY_TAKEN',
      figures: { field: 'identities.0' },
    })
    expect(await program.members.update({ id: 'a', identities: phones(1) })).toMatchObject({
      id: 'a',
    })
  })

  it('changes what is given, clears what is null, leaves the rest', async () => {
    const { program, time } = await openTestProgram(store)
    await program.members.register(ann)
    time.now += DAY_MS
    const changed = await program.members.update({ id: 'ann', region: 'class-1', birthday: null })
    expect(changed).toMatchObject({ region: 'class-1', birthday: null, staff: true })
    expect(await program.members.find('ann')).toEqual(changed)
    expect((await program.members.findIdentities([1])).get(1)).toHaveLength(2)
    await program.members.update({ id: 'ann', identities: null, staff: false })
    expect((await program.members.findIdentities([1])).get(1)).toEqual([])
    expect(await program.members.update({ id: 'zoe' })).toMatchObject({ code: 'MEMBER_NOT_FOUND' })
  })

  it('M1: changes of other fields from two servers at once are all kept', async () => {
    const { program, url, time } = await openTestProgram(store)
    const other = await openTestProgram(store, { url, time })
    await program.members.register({ id: 'ann' })
    for (let round = 1; round <= 25; round++) {
      const region = `class-${round}`
      const birthday = { month: 1, day: round }
      const phone = [{ kind: 'phone', value: `${round}` }]
      await Promise.all([
        program.members.update({ id: 'ann', region }),
        other.program.members.update({ id: 'ann', birthday }),
        program.members.update({ id: 'ann', staff: round % 2 === 0, identities: phone }),
        other.program.members.update({ id: 'ann', identities: phone }),
      ])
      const ann = await program.members.find('ann')
      expect(ann).toMatchObject({ region, birthday, staff: round % 2 === 0 })
      expect((await program.members.findIdentities([ann!.wallet])).get(ann!.wallet)).toEqual(phone)
    }
  })

  it('registers five hundred at once, from many sides, each once', async () => {
    const { program, url, time } = await openTestProgram(store)
    const other = await openTestProgram(store, { url, time })
    const batch = Array.from({ length: 500 }, (_, n) => ({
      id: `m${n}`,
      identities: [{ kind: 'card', value: `${n}` }],
    }))
    const answers = await Promise.all([
      program.members.registerMany(batch),
      other.program.members.registerMany(batch.toReversed()),
      program.members.registerMany(batch.slice(100, 300)),
    ])
    expect(answers.flat().filter(isRefusal)).toEqual([])
    const created = answers.flat().filter((it) => !isRefusal(it) && it.created)
    expect(created).toHaveLength(500)
    const everyone = []
    for (let after = 0; ; ) {
      const page = await program.members.page(after, 200)
      everyone.push(...page)
      if (page.length < 200) break
      after = page.at(-1)!.wallet
    }
    expect(new Set(everyone.map(({ id }) => id)).size).toBe(500)
    expect(everyone).toHaveLength(500)
  })
})
