import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Data } from '../support/ask-program.js'
import { startTestServer, type TestServer } from '../support/test-server.js'

const page = await readFile(new URL('../../docs/guides/verify-a-play.md', import.meta.url), 'utf8')
const partOf = (fence: string) => {
  const [, text] = new RegExp(`^\`\`\`${fence}\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(page) ?? []
  if (text === undefined) throw new Error(`the page has no part ${fence}`)
  return text
}
const shown: Data = JSON.parse(partOf('json play'))

const PYTHON = 'python3'
const hasPython = spawnSync(PYTHON, ['--version']).status === 0
if (!hasPython) console.warn('There is no python3 here: its program on the page is NOT tested.')

const programs = [
  { fence: 'js', file: 'verify.mjs', by: process.execPath },
  ...(hasPython ? [{ fence: 'python', file: 'verify.py', by: PYTHON }] : []),
]

describe.each(programs)('docs/guides/verify-a-play.md: $fence', ({ fence, file, by }) => {
  let server: TestServer
  let folder: string
  let path: string
  const plays: Data[] = []

  const verify = (play: Data): boolean[] => {
    const { stdout, stderr, status } = spawnSync(by, [path], {
      input: JSON.stringify(play),
      encoding: 'utf8',
    })
    expect([status, stderr]).toEqual([0, ''])
    return stdout
      .trim()
      .split(' ')
      .map((word) => word.toLowerCase() === 'true')
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pointwell-verify-'))
    path = join(folder, file)
    await writeFile(path, partOf(fence))
    server = await startTestServer({ jobs: false })
    const rosa = await server.token('operator', { roles: ['admin'] })
    const shop = await server.token('storefront')
    const done = async (token: string | undefined, query: string, variables = {}) => {
      const { data, errors } = await server.ask(query, { variables, ...(token && { token }) })
      expect(errors).toBeUndefined()
      return Object.values(data)[0] as Data
    }
    const words = { en: 'x', zh: '某' }
    const offers = [
      {
        type: 'draw',
        chance: '2/3',
        prizes: [
          { id: 'p', title: words, points: 5 },
          { id: 'q', title: words, points: 7, weight: 2 },
        ],
        budget: { points: 1_000 },
      },
      {
        type: 'guess',
        options: ['a', 'b', 'c'].map((id) => ({ id, title: words })),
        points: 5,
        budget: 1_000,
      },
    ]
    await done(shop, 'mutation { registerMember(input: { id: "m-1" }) { __typename } }')
    const points = { memberId: 'm-1', points: 900, reason: 'to play', idempotencyKey: 'a' }
    await done(
      rosa,
      'mutation ($input: AdjustPointsInput!) { adjustPoints(input: $input) { __typename } }',
      { input: points },
    )
    for (const details of offers) {
      const id = details.type
      const offer = {
        id,
        channel: 'game',
        title: words,
        cashValue: '1.00 CNY',
        price: { byHand: 10 },
      }
      await done(
        rosa,
        'mutation ($input: CreateOfferInput!) { createOffer(input: $input) { __typename } }',
        { input: { ...offer, details } },
      )
      const ids: string[] = []
      for (const clientSeed of ['mine', 'a:1 红包 🧧', null]) {
        const input = {
          memberId: 'm-1',
          offerId: id,
          idempotencyKey: `${id}-${clientSeed}`,
          clientSeed,
        }
        const pick = id === 'guess' ? { pick: 'a' } : {}
        const played = await done(
          shop,
          'mutation ($input: PlayGameInput!) { playGame(input: $input) { ... on GamePlayed { play { id } } ... on Refusal { code detail } } }',
          { input: { ...input, ...pick } },
        )
        ids.push(played.play.id)
      }
      await done(
        rosa,
        `mutation { rotateGameSeed(input: { offerId: "${id}", reason: "over" }) { __typename } }`,
      )
      for (const play of ids) {
        plays.push(
          await done(
            undefined,
            'query ($id: ID!) { verifyPlay(id: $id) { commitment serverSeed clientSeed nonce table digest result recomputes } }',
            { id: play },
          ),
        )
      }
    }
  })
  afterAll(async () => {
    await server?.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('R12: draws the play on the page', () => {
    expect(verify(shown)).toEqual([true, true, true])
    expect(partOf(fence).trim().split('\n').length).toBeLessThanOrEqual(13)
  })

  it('R12: draws what was played on a server', () => {
    expect(plays).toHaveLength(6)
    for (const play of plays) {
      expect(play.recomputes).toBe(true)
      expect([play, verify(play)]).toEqual([play, [true, true, true]])
    }
  })

  it('R12: finds what was changed', () => {
    expect(verify({ ...shown, clientSeed: 'other' })[1]).toBe(false)
    expect(verify({ ...shown, result: 'big' })).toEqual([true, true, false])
    expect(verify({ ...shown, serverSeed: 'a'.repeat(64) })[0]).toBe(false)
    const [first, ...others] = shown.table.rows
    const table = { ...shown.table, rows: [{ ...first, tickets: 400 }, ...others] }
    expect(verify({ ...shown, table })).toEqual([true, true, false])
  })
})
