import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConnection } from 'mysql2/promise'
import { type MariadbServer, startMariadb } from '../../support/mariadb.js'
import { type RedisServer, startRedis } from '../../support/redis.js'
import { type ServerProcess, startServerProcess } from '../../support/server-process.js'
import { type Control, openControl } from './control.js'
import { openPartnerHouse, type PartnerHouse } from './partner-house.js'

export type ChaosStore = 'sqlite' | 'mysql'

/** What can be killed, and where it keeps its things. */
export interface Stage {
  readonly databaseUrl: string
  readonly secret: string
  readonly servers: readonly ServerProcess[]
  /** What each server goes by, in their order. */
  readonly controls: readonly Control[]
  readonly partner: PartnerHouse
  readonly mariadb: MariadbServer | undefined
  readonly redis: RedisServer | undefined
  /** Logs of the servers and of the clients. */
  readonly folder: string
  /** Ends everything; removes the folder unless somebody wants to look at it. */
  close(options: { keep: boolean }): Promise<void>
}

/** A database of its own, durable, and servers as they were built. */
export async function openStage({
  store,
  servers: count,
  redis: withRedis,
  withPoints = false,
  aheadMs = 0,
}: {
  readonly store: ChaosStore
  readonly servers: number
  readonly redis: boolean
  /** Whether servers can be stopped at a named step. */
  readonly withPoints?: boolean
  /** How far the servers' clocks are ahead of the machine's at first. */
  readonly aheadMs?: number
}): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'pointwell-chaos-'))
  const secret = randomBytes(24).toString('hex')
  const mariadb = store === 'mysql' ? await startMariadb({ durable: true }) : undefined
  const redis = withRedis ? await startRedis() : undefined
  const partner = await openPartnerHouse(join(folder, 'partner.ndjson'))
  const servers: ServerProcess[] = []
  const controls: Control[] = []
  const close = async ({ keep }: { keep: boolean }) => {
    for (const server of servers) if (server.isRunning()) await server.kill()
    await partner.close()
    await redis?.stop()
    await mariadb?.stop()
    if (!keep) await rm(folder, { recursive: true, force: true })
  }
  try {
    const databaseUrl = mariadb
      ? await createDatabase(mariadb)
      : `sqlite://${join(folder, 'pointwell.db')}`
    await mkdir(join(folder, 'logs'))
    // One after the other: the first makes the tables.
    for (let place = 0; place < count; place++) {
      const control = openControl(folder, `server-${place}`, { withPoints, aheadMs })
      controls.push(control)
      servers.push(
        await startServerProcess({
          env: {
            POINTWELL_DATABASE_URL: databaseUrl,
            POINTWELL_JWT_SECRET: secret,
            ...partner.env,
            ...control.env,
            ...(redis && { POINTWELL_REDIS_URL: redis.url }),
          },
          nodeArgs: control.nodeArgs,
          cwd: folder,
          logFile: join(folder, 'logs', `server-${place}.log`),
        }),
      )
    }
    return { databaseUrl, secret, servers, controls, partner, mariadb, redis, folder, close }
  } catch (fault) {
    await close({ keep: false })
    throw fault
  }
}

async function createDatabase({ url }: MariadbServer): Promise<string> {
  const connection = await createConnection({ uri: url })
  try {
    await connection.query('CREATE DATABASE chaos CHARACTER SET utf8mb4')
  } finally {
    await connection.end()
  }
  return `${url}/chaos`
}
