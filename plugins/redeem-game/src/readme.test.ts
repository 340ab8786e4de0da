import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { redeemGame } from './channel/redeem-game.js'
import { type DrawOffer, gameOffer } from './offer/game-offer.js'
import { gameSettings } from './settings/game-settings.js'
import { rakeOf, sharePool } from './stake/share-pool.js'
import { expectedCost } from './table/expected-cost.js'
import { showDecimal, showFraction } from './table/fraction.js'
import { oddsOf } from './table/odds-of.js'
import { tableOf } from './table/prize-table.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const [, offers = ''] = /```json\n([\s\S]*?)```/.exec(readme) ?? []
const shown = offers.split(/\n(?=\{)/).map((text) => gameOffer.parse(JSON.parse(text)))
const draw = shown.find((it): it is DrawOffer => it.type === 'draw')!
const given = (points: number, cups: number) => ({
  points,
  costMinor: cups * 4_000,
  prizes: { cup: cups },
})

test('its offers are offers', () => {
  expect(shown.map(({ type }) => type)).toEqual(['draw', 'guess', 'revive', 'stake'])
})

test('it works its draw as the plugin does', () => {
  const table = tableOf(draw, given(0, 0))!
  const rows = [...readme.matchAll(/^\| `(\w+)` \| (\d+) \| (\d+\/\d+) \| (\d+) /gm)]
  const odds = oddsOf(draw, given(0, 0)).rows
  expect(
    rows.map(([, id, tickets, chance, cost]) => [id, Number(tickets), chance, Number(cost)]),
  ).toEqual(
    table.rows.map((row, place) => [
      row.id,
      row.tickets,
      odds[place]!.exactChance,
      (row.tickets * (row.points ?? row.costMinor ?? 0)) / table.tickets,
    ]),
  )
  expect(readme).toContain(`The draw above has ${table.tickets.toLocaleString('en')} tickets`)
  const { points, costMinor } = expectedCost(table, 'draw')
  expect(readme).toContain(
    `wins ${showFraction(points)} of them on average, and ${showDecimal({ ...costMinor, den: costMinor.den * 100n })} of the currency`,
  )
  const left = tableOf(draw, given(0, 2))!
  expect(left.rows.map(({ id, tickets }) => [id, tickets / left.tickets])).toEqual([
    ['small', (0.3 * 90) / 99],
    ['big', (0.3 * 9) / 99],
  ])
  expect(tableOf(draw, given(9_950, 2))).toBeNull()
})

test('it works its stake as the plugin does', () => {
  const rake = rakeOf(2_000, '0.05')
  const shares = sharePool(
    2_000 - rake,
    Array.from({ length: 7 }, (_, place) => ({ id: `r-${place}`, points: 100 })),
  )
  expect([rake, ...shares.values()]).toEqual([100, 272, 272, 272, 271, 271, 271, 271])
})

test('it names every setting with its default, and every refusal', () => {
  const settings = [...readme.matchAll(/^\| `(\w+)` \| (\d+|\[\]) \| [a-z]/gm)]
  expect(Object.fromEntries(settings.map(([, name, value]) => [name, JSON.parse(value!)]))).toEqual(
    gameSettings.parse({}),
  )
  for (const code of Object.keys(redeemGame.refusals ?? {})) {
    expect(readme).toContain(`| \`${code}\` |`)
  }
})
