import { parseArgs } from 'node:util'
import type { ChaosOptions } from './run-chaos.js'

/** Words on the command line that cannot be used. */
export class OptionFault extends Error {
  override readonly name = 'OptionFault'
}

export const USAGE = `Usage: npm run chaos -- [options]

  --seed N           what chance is made of; default: another one each time
  --store STORE      sqlite or mysql; default mysql (a MariaDB of its own)
  --servers N        1 or 2 on the same database; default 1
  --clients N        members that buy and redeem; default 16
  --server-kills N   default 20
  --db-kills N       default 5; none on SQLite, which has no process of its own
  --redis            servers tell each other of changes over a Redis of its own
  --redis-kills N    default 5
  --outages N        how often the partner is away for some minutes; default 2
  --clock-jumps N    how often a server's clock jumps an hour; default 0
  --steps            instead of all this, kill a server at each step by name
  --keep             leave the database and the logs where they are
`

/** What to do, from the words behind the command. Throws `OptionFault`. */
export function readOptions(
  args: readonly string[],
): ChaosOptions & { keep: boolean; steps: boolean } {
  const { values } = parse(args)
  const whole = (name: string, text: string | undefined, standard: number, max: number) => {
    if (text === undefined) return standard
    if (/^\d{1,10}$/.test(text) && Number(text) <= max) return Number(text)
    throw new OptionFault(`--${name}: Expected a whole number up to ${max}, and got ${text}.`)
  }
  const { store = 'mysql' } = values
  if (store !== 'sqlite' && store !== 'mysql') {
    throw new OptionFault(`--store: Expected sqlite or mysql, and got ${store}.`)
  }
  const servers = whole('servers', values.servers, 1, 2)
  if (servers === 0) throw new OptionFault('--servers: Expected 1 or 2.')
  if (servers === 2 && store === 'sqlite') {
    throw new OptionFault('--servers: Two servers need a database of their own: --store mysql.')
  }
  const clients = whole('clients', values.clients, 16, 500)
  if (clients === 0) throw new OptionFault('--clients: Expected 1 at least.')
  return {
    seed: whole('seed', values.seed, Math.floor(Math.random() * 2 ** 32), 2 ** 32 - 1),
    store,
    servers,
    clients,
    serverKills: whole('server-kills', values['server-kills'], 20, 10_000),
    databaseKills: store === 'sqlite' ? 0 : whole('db-kills', values['db-kills'], 5, 10_000),
    redis: values.redis ?? false,
    redisKills: values.redis ? whole('redis-kills', values['redis-kills'], 5, 10_000) : 0,
    partnerOutages: whole('outages', values.outages, 2, 10_000),
    clockJumps: whole('clock-jumps', values['clock-jumps'], 0, 10_000),
    keep: values.keep ?? false,
    steps: values.steps ?? false,
  }
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args: [...args],
      options: {
        seed: text,
        store: text,
        servers: text,
        clients: text,
        'server-kills': text,
        'db-kills': text,
        redis: { type: 'boolean' },
        'redis-kills': text,
        outages: text,
        'clock-jumps': text,
        steps: { type: 'boolean' },
        keep: { type: 'boolean' },
      },
    })
  } catch (fault) {
    throw new OptionFault((fault as Error).message)
  }
}
