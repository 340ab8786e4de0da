import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import {
  createPointwellClient,
  RecordPurchaseDocument,
  RegisterMemberDocument,
} from '@pointwell/client'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { type BadLine, openBadLine } from '../support/bad-line.js'
import { findChromium, openPage } from '../support/chromium.js'
import { freshSqliteUrl } from '../support/databases.js'
import { atEndOfFile } from '../support/end-of-file.js'
import { startServerProcess } from '../support/server-process.js'
import { couponOffer } from '../support/shop.js'
import { ask, TEST_SECRET, tokenOf } from '../support/test-gateway.js'
import { openWebShop } from '../support/web-shop.js'

const EXAMPLE = new URL('../../docs/examples/storefront/', import.meta.url)
const read = (file: string) => readFile(new URL(file, EXAMPLE), 'utf8')
const chromium = findChromium()

describe('A9: the storefront in docs/examples', () => {
  it('is under 60 lines, and the guide shows each of them', async () => {
    const texts = await Promise.all(['index.html', 'page.tsx'].map(read))
    expect(texts.join('').split('\n').length - 1).toBeLessThan(60)
    const guide = await read('../../guides/put-a-balance-on-a-page.md')
    for (const text of texts) expect(guide).toContain(text)
  })
})

describe.skipIf(!chromium)(
  'A9: the storefront of docs/examples in Chromium, on a built server',
  () => {
    let page: Page
    let faults: string[]
    let line: BadLine
    let buy: (orderId: string, price: number) => Promise<void>

    beforeAll(async () => {
      const server = await startServerProcess({
        env: { POINTWELL_DATABASE_URL: await freshSqliteUrl(), POINTWELL_JWT_SECRET: TEST_SECRET },
      })
      atEndOfFile(() => server.kill())
      const tokenFor = (
        ...[kind, wishes = {}]: [Parameters<typeof tokenOf>[0], Parameters<typeof tokenOf>[1]?]
      ) => tokenOf(kind, wishes, Date.now())
      const shop = createPointwellClient({
        url: `${server.url}/graphql`,
        token: await tokenFor('storefront'),
      })
      await shop.request(RegisterMemberDocument, { input: { id: 'mei' } })
      const { data } = await ask(
        server.url,
        'mutation ($input: CreateOfferInput!) { createOffer(input: $input) { __typename } }',
        {
          token: await tokenFor('operator', { roles: ['admin'] }),
          variables: {
            input: couponOffer('tea', 30, { title: { en: 'Tea for two', zh: '双人茶' } }),
          },
        },
      )
      expect(data).toEqual({ createOffer: { __typename: 'OfferSaved' } })
      buy = async (orderId, price) => {
        const { recordPurchase } = await shop.request(RecordPurchaseDocument, {
          input: {
            memberId: 'mei',
            orderId,
            at: new Date().toISOString(),
            currency: 'CNY',
            confirmed: true,
            lines: [{ id: '1', article: 'tea', quantity: 1, unitPrice: String(price) }],
          },
        })
        expect(recordPurchase).toMatchObject({ __typename: 'PurchaseRecorded', points: price })
      }
      const web = await openWebShop({
        pointwellUrl: server.url,
        files: new Map([
          ['/', { type: 'text/html', text: await read('index.html') }],
          ['/page.js', { type: 'text/javascript', text: await bundle() }],
        ]),
        token: () => tokenFor('member', { subject: 'mei' }),
      })
      // Between the member and the shop, as a telephone has it.
      line = await openBadLine(web, atEndOfFile)
      ;({ page, faults } = await openPage(chromium!))
      await page.goto(line.url)
      await shows('0 points')
    })

    const shows = async (text: string) => {
      const isThere = page.getByText(text).first().waitFor()
      await isThere.catch(async () => {
        throw new Error(`No “${text}”, but: ${await page.locator('body').textContent()} ${faults}`)
      })
    }

    it('the balance moves while an order is sent', async () => {
      await page.evaluate(() => Object.assign(globalThis, { isTheSamePage: true }))
      await buy('O-1', 25)
      await shows('25 points')
      await buy('O-2', 15)
      await shows('40 points')
      expect(await page.evaluate(() => 'isTheSamePage' in globalThis)).toBe(true)
    })

    it('an offer is redeemed by a click, and the balance says so', async () => {
      const button = page.getByRole('button', { name: 'Tea for two for 30 points' })
      await button.click()
      await shows('Yours: Tea for two')
      await shows('10 points')
      await expect.poll(() => button.isDisabled()).toBe(true)
    })

    it('a line that is cut is mended, and what happened meanwhile is there', async () => {
      line.cut()
      await shows('reconnecting …')
      await buy('O-3', 7)
      await buy('O-4', 8)
      expect(await page.locator('output').textContent()).toBe('10')
      line.mend()
      await shows('25 points')
      await expect.poll(() => page.getByText('reconnecting …').count()).toBe(0)
      await buy('O-5', 6)
      await shows('31 points')
    })

    it('nothing went wrong in the page', () => {
      expect(faults).toEqual([])
    })
  },
)

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('page.tsx', EXAMPLE))],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    jsx: 'automatic',
    conditions: ['source'],
    // The shop's React, as an install outside of this house has it: the older one of the two that the hooks run under.
    alias: { react: fileURLToPath(new URL('node_modules/react', EXAMPLE)) },
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  return outputFiles[0]!.text
}
