import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DatabaseUrlInvalid, parseDatabaseUrl } from './parse-database-url.js'

describe('parseDatabaseUrl', () => {
  it.each([
    ['sqlite:///var/lib/pointwell.db', '/var/lib/pointwell.db'],
    ['sqlite://data/pointwell.db', resolve('data/pointwell.db')],
    ['sqlite://./data/pointwell.db', resolve('data/pointwell.db')],
    ['sqlite:data/pointwell.db', resolve('data/pointwell.db')],
    ['sqlite:///with%20space/%E7%A7%AF%E5%88%86.db', '/with space/积分.db'],
  ])('reads the path of %s', (url, path) => {
    expect(parseDatabaseUrl(url)).toEqual({ dialect: 'sqlite', path })
  })

  it.each([
    [
      'mysql://shop:secret@db.example:3307/points',
      { host: 'db.example', port: 3307, user: 'shop', password: 'secret', database: 'points' },
    ],
    [
      'mariadb://root@127.0.0.1/points',
      { host: '127.0.0.1', port: 3306, user: 'root', password: '', database: 'points' },
    ],
    [
      'mysql://a%40b:p%3A%2F%40%25@[::1]/my%20points',
      { host: '::1', port: 3306, user: 'a@b', password: 'p:/@%', database: 'my points' },
    ],
  ])('reads the parts of %s', (url, parts) => {
    expect(parseDatabaseUrl(url)).toEqual({ dialect: 'mysql', tls: false, ...parts })
  })

  it('takes ?tls=', () => {
    expect(parseDatabaseUrl('mysql://h/d?tls=true')).toMatchObject({ tls: true })
    expect(parseDatabaseUrl('mysql://h/d?tls=false')).toMatchObject({ tls: false })
  })

  it.each([
    ['', 'looks like'],
    ['/var/lib/pointwell.db', 'looks like'],
    ['postgres://h/d', 'looks like'],
    ['sqlite:', 'names a file'],
    ['sqlite:///', 'names a file'],
    ['sqlite://data/', 'names a file'],
    ['sqlite::memory:', 'no such store in memory'],
    ['sqlite://100%/x.db', 'written %25'],
    ['mysql://h', 'name of a database'],
    ['mysql://h/', 'name of a database'],
    ['mysql://h/a/b', 'name of a database'],
    ['mysql:///d', 'names a host'],
    ['mysql://h:port/d', 'looks like'],
    ['mysql://h/d?ssl=true', '?ssl='],
    ['mysql://h/d?tls=maybe', '?tls='],
  ])('says what is wrong with "%s"', (url, words) => {
    expect(() => parseDatabaseUrl(url)).toThrow(DatabaseUrlInvalid)
    expect(() => parseDatabaseUrl(url)).toThrow(words)
  })

  it('never repeats a password', () => {
    for (const url of ['mysql://u:s3cret@h:x/d', 'mysql://u:s3cret@h', 'mysql://u:s3cret%@h/d']) {
      try {
        parseDatabaseUrl(url)
        expect.unreachable()
      } catch (fault) {
        expect(String((fault as Error).stack)).not.toContain('s3cret')
      }
    }
  })
})
