import { resolve } from 'node:path'

export interface SqliteAddress {
  readonly dialect: 'sqlite'
  /** An absolute path. */
  readonly path: string
}

export interface MysqlAddress {
  readonly dialect: 'mysql'
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  /** Whether the connection is encrypted, and the server's certificate checked. */
  readonly tls: boolean
}

export type DatabaseAddress = SqliteAddress | MysqlAddress

/** An address nobody can open, with what is wrong about it; never with the password in it. */
export class DatabaseUrlInvalid extends Error {
  override readonly name = 'DatabaseUrlInvalid'
}

const SHAPES =
  'sqlite:///absolute/path.db, sqlite://relative/path.db, mysql://user:password@host:3306/database or mariadb://…'

/**
 * Reads a database address. What follows `sqlite://` is a path, from the root when it starts with
 * a slash; `mysql://` and `mariadb://` are the same, and take `?tls=true`.
 */
export function parseDatabaseUrl(url: string): DatabaseAddress {
  const scheme = /^([a-z]+):/.exec(url)?.[1]
  if (scheme === 'sqlite') return { dialect: 'sqlite', path: parseSqlitePath(url) }
  if (scheme === 'mysql' || scheme === 'mariadb') return parseMysql(url)
  throw new DatabaseUrlInvalid(`the address of a database looks like ${SHAPES}`)
}

function parseSqlitePath(url: string): string {
  const path = decode(url.replace(/^sqlite:(\/\/)?/, ''), 'path')
  if (path === '' || path === '/' || path.endsWith('/')) {
    throw new DatabaseUrlInvalid('a sqlite address names a file: sqlite:///absolute/path.db')
  }
  if (path.startsWith(':')) {
    throw new DatabaseUrlInvalid('a sqlite address names a file; there is no such store in memory')
  }
  return resolve(path)
}

function parseMysql(url: string): MysqlAddress {
  let parts: URL
  try {
    parts = new URL(url)
  } catch {
    // The message of the fault itself would repeat the address with its password.
    throw new DatabaseUrlInvalid(`the address of a database looks like ${SHAPES}`)
  }
  const database = decode(parts.pathname.slice(1), 'database')
  if (parts.hostname === '') throw new DatabaseUrlInvalid('a mysql address names a host')
  if (database === '' || database.includes('/')) {
    throw new DatabaseUrlInvalid('a mysql address ends in the name of a database: …/pointwell')
  }
  for (const [name, value] of parts.searchParams) {
    if (name !== 'tls' || (value !== 'true' && value !== 'false')) {
      throw new DatabaseUrlInvalid(
        `a mysql address takes ?tls=true or ?tls=false, and nothing like ?${name}=`,
      )
    }
  }
  return {
    dialect: 'mysql',
    host: parts.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: parts.port === '' ? 3306 : Number(parts.port),
    user: decode(parts.username, 'user'),
    password: decode(parts.password, 'password'),
    database,
    tls: parts.searchParams.get('tls') === 'true',
  }
}

function decode(text: string, part: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new DatabaseUrlInvalid(`a % in the ${part} of a database address is written %25`)
  }
}
