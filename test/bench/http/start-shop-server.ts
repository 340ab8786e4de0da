import { type ServerProcess, startServerProcess } from '../../support/server-process.js'
import type { BenchContext } from '../bench-context.js'
import { programPath } from '../process/program-path.js'
import { noteStarted } from '../process/started.js'
import { ask, SECRET, tokenFor } from './client.js'
import { OFFER, REGISTER } from './operations.js'

/** The product's own server as it runs in production, with the bench's two empty mutations. */
export async function startShopServer(
  { profileFolder }: Pick<BenchContext, 'profileFolder'>,
  { url, name }: { url: string; name: string },
): Promise<ServerProcess> {
  const server = await startServerProcess({
    env: {
      NODE_ENV: 'production',
      POINTWELL_DATABASE_URL: url,
      POINTWELL_JWT_SECRET: SECRET,
      POINTWELL_CONFIG: programPath('bench-config'),
      POINTWELL_RATE_STOREFRONT: '0',
      POINTWELL_RATE_MEMBER: '0',
      POINTWELL_RATE_OPERATOR: '0',
    },
    nodeArgs: [
      '--expose-gc',
      ...(profileFolder === undefined
        ? []
        : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`, `--cpu-prof-name=${name}.cpuprofile`]),
    ],
  })
  noteStarted(server.kill)
  return server
}

/** Members `m-1` to `m-COUNT`, whose wallets are numbered the same in a store that was empty. */
export async function registerMembers(server: string, count: number): Promise<void> {
  const token = await tokenFor('storefront')
  const joinedAt = new Date(Date.now() - 30 * 86_400_000).toISOString()
  for (let first = 1; first <= count; first += 500) {
    const input = Array.from({ length: Math.min(500, count - first + 1) }, (_, place) => ({
      id: `m-${first + place}`,
      joinedAt,
    }))
    await ask(server, { token, query: REGISTER, variables: { input } })
  }
}

/** Ten offers, as a shop has on its page. */
export async function createOffers(server: string): Promise<void> {
  const token = await tokenFor('operator')
  for (let place = 1; place <= 10; place++) {
    const input = {
      id: `coupon-${place}`,
      channel: 'coupon',
      title: { en: `¥${place * 10} off`, zh: `${place * 10}元立减券` },
      cashValue: `${place * 10} CNY`,
      cost: `${place * 10} CNY`,
      stock: { total: 1_000 * place },
      details: { type: 'direct-deduction', offMinor: place * 1_000 },
    }
    await ask(server, { token, query: OFFER, variables: { input } })
  }
}
