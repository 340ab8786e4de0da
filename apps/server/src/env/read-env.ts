import type { Rates } from '@pointwell/gateway'
import { assertRedisUrl } from '@pointwell/gateway/settings'
import { readBySchema } from '@pointwell/plugin'
import { z } from 'zod'

/** What `npm start` signs and checks tokens with when nobody said otherwise. Public, so worthless. */
export const DEMO_SECRET = 'pointwell-demo-secret-for-your-own-machine-only'

/** Where the embedded store is when nobody said otherwise. */
const DEFAULT_DATABASE_URL = 'sqlite://data/pointwell.db'

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const whole = (min: number, max: number, what: string) =>
  z
    .string()
    .refine((text) => /^\d{1,15}$/.test(text) && Number(text) >= min && Number(text) <= max, {
      error: `Expected ${what} from ${min} to ${max}.`,
    })
    .transform(Number)

const flag = z
  .enum(['0', '1', 'true', 'false'], { error: 'Expected 1 or 0.' })
  .transform((text) => text === '1' || text === 'true')

const httpUrl = z.url({ protocol: /^https?$/, error: 'Expected an http(s) address.' })

const redisUrl = z.string().superRefine((url, context) => {
  try {
    assertRedisUrl(url)
  } catch (fault) {
    context.addIssue({ code: 'custom', message: (fault as Error).message })
  }
})

/** Of one client; nothing given: the gateway's own. */
const rate = whole(0, 1_000_000_000, 'costs a minute').optional()

const schema = z.object({
  NODE_ENV: z
    .enum(['development', 'production', 'test'], {
      error: 'Expected development, production or test.',
    })
    .default('development'),
  PORT: whole(0, 65_535, 'a port').default(4000),
  HOST: z.string().optional(),
  LOG_LEVEL: z
    .enum(LOG_LEVELS, { error: `Expected one of ${LOG_LEVELS.join(', ')}.` })
    .default('info'),
  POINTWELL_DATABASE_URL: z
    .string()
    .regex(/^(sqlite|mysql|mariadb):\/\/./, {
      error: 'Expected sqlite://FILE or mysql://USER:PASSWORD@HOST:PORT/DATABASE.',
    })
    .default(DEFAULT_DATABASE_URL),
  POINTWELL_DATABASE_POOL: whole(4, 1_000, 'a number of connections').optional(),
  POINTWELL_JWT_SECRET: z
    .string()
    .refine((secret) => Buffer.byteLength(secret) >= 32, { error: 'Expected 32 bytes at least.' })
    .optional(),
  POINTWELL_JWKS_URL: httpUrl.optional(),
  POINTWELL_JWT_ISSUER: z.string().optional(),
  POINTWELL_JWT_AUDIENCE: z.string().optional(),
  POINTWELL_DEMO: flag.optional(),
  POINTWELL_MIGRATE: flag.optional(),
  POINTWELL_INTROSPECTION: flag.optional(),
  POINTWELL_KNOWN_OPERATIONS: z.string().optional(),
  POINTWELL_RATE_ANONYMOUS: rate,
  POINTWELL_RATE_MEMBER: rate,
  POINTWELL_RATE_STOREFRONT: rate,
  POINTWELL_RATE_PARTNER: rate,
  POINTWELL_RATE_OPERATOR: rate,
  POINTWELL_CONFIG: z.string().optional(),
  POINTWELL_METRICS_TOKEN: z.string().min(1).optional(),
  POINTWELL_TRUST_PROXY: z.string().optional(),
  POINTWELL_REDIS_URL: redisUrl.optional(),
  POINTWELL_POLL_MS: whole(10, 60_000, 'milliseconds').default(250),
})

/** A server's settings, all of them checked. */
export interface Env {
  readonly production: boolean
  readonly host: string
  readonly port: number
  readonly logLevel: (typeof LOG_LEVELS)[number]
  readonly databaseUrl: string
  readonly databasePool: number | undefined
  /** Exactly one of the two is there. */
  readonly jwtSecret: string | undefined
  readonly jwksUrl: string | undefined
  readonly jwtIssuer: string | undefined
  readonly jwtAudience: string | undefined
  /** Whether an empty store gets the demo programme. */
  readonly demo: boolean
  /** Whether the server brings the schema of the database up to date when it starts. */
  readonly migrate: boolean
  readonly introspection: boolean
  /** A manifest or a folder of the only operations to answer; undefined: any. */
  readonly knownOperationsPath: string | undefined
  /** What one client may ask for in a minute, where somebody said so. */
  readonly rates: Partial<Rates>
  /** A module that lists the plugins; undefined: the ones that come with the server. */
  readonly configPath: string | undefined
  readonly metricsToken: string | undefined
  readonly trustProxy: boolean | string
  /** Where servers tell each other of changes; undefined: they find them by looking. */
  readonly redisUrl: string | undefined
  /** How often changes that other servers wrote are looked for, milliseconds. */
  readonly pollMs: number
}

/** Settings that cannot be used; `faults` names each with its variable. */
export class EnvFault extends Error {
  override readonly name = 'EnvFault'
  constructor(readonly faults: readonly string[]) {
    super(`These settings cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
  }
}

/**
 * Reads the settings out of environment variables. Throws `EnvFault` with every fault at once; in
 * production also when tokens would be checked with nothing, or with the demo's secret.
 */
export function readEnv(variables: Readonly<Record<string, string | undefined>>): Env {
  // A variable that is set to nothing is one that is not set.
  const given = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  )
  const parsed = readBySchema(schema, given)
  if (!parsed.success) {
    throw new EnvFault(
      parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`),
    )
  }
  const env = parsed.data
  const production = env.NODE_ENV === 'production'
  const faults = findSecretFaults(env, production)
  if (faults.length > 0) throw new EnvFault(faults)
  return {
    production,
    host: env.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    port: env.PORT,
    logLevel: env.LOG_LEVEL,
    databaseUrl: env.POINTWELL_DATABASE_URL,
    databasePool: env.POINTWELL_DATABASE_POOL,
    jwtSecret: env.POINTWELL_JWT_SECRET ?? (env.POINTWELL_JWKS_URL ? undefined : DEMO_SECRET),
    jwksUrl: env.POINTWELL_JWKS_URL,
    jwtIssuer: env.POINTWELL_JWT_ISSUER,
    jwtAudience: env.POINTWELL_JWT_AUDIENCE,
    demo: env.POINTWELL_DEMO ?? !production,
    migrate: env.POINTWELL_MIGRATE ?? true,
    introspection: env.POINTWELL_INTROSPECTION ?? !production,
    knownOperationsPath: env.POINTWELL_KNOWN_OPERATIONS,
    rates: readRates(env),
    configPath: env.POINTWELL_CONFIG,
    metricsToken: env.POINTWELL_METRICS_TOKEN,
    trustProxy: readProxies(env.POINTWELL_TRUST_PROXY),
    redisUrl: env.POINTWELL_REDIS_URL,
    pollMs: env.POINTWELL_POLL_MS,
  }
}

function findSecretFaults(env: z.output<typeof schema>, production: boolean): string[] {
  const { POINTWELL_JWT_SECRET: secret, POINTWELL_JWKS_URL: jwks } = env
  if (secret && jwks) {
    return ['POINTWELL_JWT_SECRET, POINTWELL_JWKS_URL: Expected one of the two, not both.']
  }
  if (!production) return []
  const faults: string[] = []
  if (!secret && !jwks) {
    faults.push('POINTWELL_JWT_SECRET or POINTWELL_JWKS_URL: One of them is needed in production.')
  }
  if (secret === DEMO_SECRET) {
    faults.push('POINTWELL_JWT_SECRET: The secret of the demo is public; production needs its own.')
  }
  if (env.POINTWELL_DEMO) {
    faults.push('POINTWELL_DEMO: The demo programme has no place in production.')
  }
  return faults
}

function readRates(env: z.output<typeof schema>): Partial<Rates> {
  const rates: Record<keyof Rates, number | undefined> = {
    anonymous: env.POINTWELL_RATE_ANONYMOUS,
    member: env.POINTWELL_RATE_MEMBER,
    storefront: env.POINTWELL_RATE_STOREFRONT,
    partner: env.POINTWELL_RATE_PARTNER,
    operator: env.POINTWELL_RATE_OPERATOR,
  }
  return Object.fromEntries(Object.entries(rates).filter(([, rate]) => rate !== undefined))
}

function readProxies(text: string | undefined): boolean | string {
  if (text === undefined || text === '0' || text === 'false') return false
  return text === '1' || text === 'true' ? true : text
}
