import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { DEMO_SECRET, EnvFault, readEnv } from './read-env.js'

const SECRET = 'a secret of thirty-two bytes or more'
const faultsOf = (variables: Record<string, string>): readonly string[] => {
  try {
    readEnv(variables)
  } catch (fault) {
    if (fault instanceof EnvFault) return fault.faults
    throw fault
  }
  return []
}

describe('settings by environment', () => {
  it('need nothing: an embedded store, the demo, this machine only', () => {
    expect(readEnv({})).toMatchObject({
      production: false,
      host: '127.0.0.1',
      port: 4000,
      databaseUrl: 'sqlite://data/pointwell.db',
      jwtSecret: DEMO_SECRET,
      demo: true,
      migrate: true,
      introspection: true,
    })
  })

  it('are careful in production', () => {
    const env = readEnv({ NODE_ENV: 'production', POINTWELL_JWT_SECRET: SECRET })
    expect(env).toMatchObject({
      production: true,
      host: '0.0.0.0',
      jwtSecret: SECRET,
      demo: false,
      introspection: false,
    })
  })

  it('take what is set to nothing for not set', () => {
    expect(readEnv({ PORT: '', POINTWELL_JWT_SECRET: '' })).toMatchObject({
      port: 4000,
      jwtSecret: DEMO_SECRET,
    })
  })

  it('take keys from elsewhere instead of a secret', () => {
    expect(readEnv({ POINTWELL_JWKS_URL: 'https://id.example/jwks' })).toMatchObject({
      jwtSecret: undefined,
      jwksUrl: 'https://id.example/jwks',
    })
  })

  it('say what one client may ask for, where it is not to be as it comes', () => {
    expect(readEnv({}).rates).toEqual({})
    const set = { POINTWELL_RATE_MEMBER: '600', POINTWELL_RATE_OPERATOR: '0' }
    expect(readEnv(set).rates).toEqual({ member: 600, operator: 0 })
  })

  it.each<[string, Record<string, string>, string[]]>([
    [
      'a rate that is none',
      { POINTWELL_RATE_ANONYMOUS: '-1', POINTWELL_RATE_PARTNER: '10/s' },
      ['POINTWELL_RATE_ANONYMOUS', 'POINTWELL_RATE_PARTNER'].map(
        (name) => `${name}: Expected costs a minute from 0 to 1000000000.`,
      ),
    ],
    ['a port that is none', { PORT: '99999' }, ['PORT: Expected a port from 0 to 65535.']],
    ['a port with a unit', { PORT: '4000ms' }, ['PORT: Expected a port from 0 to 65535.']],
    ['a negative port', { PORT: '-1' }, ['PORT: Expected a port from 0 to 65535.']],
    [
      'another kind of database',
      { POINTWELL_DATABASE_URL: 'postgres://localhost/x' },
      [
        'POINTWELL_DATABASE_URL: Expected sqlite://FILE or mysql://USER:PASSWORD@HOST:PORT/DATABASE.',
      ],
    ],
    [
      'a short secret',
      { POINTWELL_JWT_SECRET: 'short' },
      ['POINTWELL_JWT_SECRET: Expected 32 bytes at least.'],
    ],
    [
      'an address of keys that is none',
      { POINTWELL_JWKS_URL: 'file:///etc/passwd' },
      ['POINTWELL_JWKS_URL: Expected an http(s) address.'],
    ],
    [
      'two ways to check tokens',
      { POINTWELL_JWT_SECRET: SECRET, POINTWELL_JWKS_URL: 'https://id.example/jwks' },
      ['POINTWELL_JWT_SECRET, POINTWELL_JWKS_URL: Expected one of the two, not both.'],
    ],
    ...[
      'localhost:6379',
      'http://localhost:6379',
      'redis://',
      'redis://localhost/x',
      'redis://localhost/0?db=1',
      'redis://user:%zz@localhost',
      'not an address',
    ].map((url): [string, Record<string, string>, string[]] => [
      `a Redis that cannot be there: ${url}`,
      { POINTWELL_REDIS_URL: url },
      [
        'POINTWELL_REDIS_URL: Expected redis://USER:PASSWORD@HOST:PORT, or rediss:// where the connection is encrypted.',
      ],
    ]),
    ['a switch that is neither', { POINTWELL_DEMO: 'yes' }, ['POINTWELL_DEMO: Expected 1 or 0.']],
    [
      'production without a secret',
      { NODE_ENV: 'production' },
      ['POINTWELL_JWT_SECRET or POINTWELL_JWKS_URL: One of them is needed in production.'],
    ],
    [
      'production with the secret of the demo, and the demo',
      { NODE_ENV: 'production', POINTWELL_JWT_SECRET: DEMO_SECRET, POINTWELL_DEMO: '1' },
      [
        'POINTWELL_JWT_SECRET: The secret of the demo is public; production needs its own.',
        'POINTWELL_DEMO: The demo programme has no place in production.',
      ],
    ],
    [
      'a mode that is none',
      { NODE_ENV: 'prod' },
      ['NODE_ENV: Expected development, production or test.'],
    ],
  ])('name %s', (_, variables, faults) => {
    expect(faultsOf(variables)).toEqual(faults)
  })

  it.each(['redis://localhost', 'rediss://ada:p%40ss@cache.example:6380/2', 'redis://[::1]:6379'])(
    'take a Redis at %s',
    (url) => {
      expect(readEnv({ POINTWELL_REDIS_URL: url }).redisUrl).toBe(url)
    },
  )

  it('name every fault at once', () => {
    const faults = faultsOf({ PORT: 'x', LOG_LEVEL: 'loud', POINTWELL_POLL_MS: '0' })
    expect(faults.map((fault) => fault.split(':')[0])).toEqual([
      'PORT',
      'LOG_LEVEL',
      'POINTWELL_POLL_MS',
    ])
  })

  it('are all in docs/reference/settings.md, and nothing else is', async () => {
    const here = (path: string) => new URL(path, import.meta.url)
    const page = await readFile(here('../../../../docs/reference/settings.md'), 'utf8')
    const source = await readFile(here('./read-env.ts'), 'utf8')
    const shown = [...page.matchAll(/^\| `([A-Z][A-Z_]+)` \|/gm)].map(([, name]) => name)
    const known = [...source.matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map(([, name]) => name)
    expect(known.length).toBeGreaterThan(10)
    expect(shown.sort()).toEqual(known.sort())
  })
})
