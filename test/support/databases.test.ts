import { existsSync } from 'node:fs'
import { createConnection } from 'mysql2/promise'
import { describe, expect, it } from 'vitest'
import { availableStores, freshMysqlUrl, freshSqliteUrl, hasMysql } from './databases.js'

describe('fresh databases', () => {
  it('gives a SQLite address whose file is not there yet', async () => {
    const url = await freshSqliteUrl()
    expect(url).toMatch(/^sqlite:\/\/\/.*pointwell\.db$/)
    expect(existsSync(url.slice('sqlite://'.length))).toBe(false)
    expect(await freshSqliteUrl()).not.toBe(url)
  })

  it.runIf(hasMysql())('gives an empty MySQL database that speaks utf8mb4', async () => {
    expect(availableStores()).toContain('mysql')
    const connection = await createConnection({ uri: await freshMysqlUrl() })
    await connection.query('CREATE TABLE words (word VARCHAR(20))')
    await connection.query('INSERT INTO words VALUES (?)', ['🎁'])
    const [rows] = await connection.query('SELECT word FROM words')
    await connection.end()
    expect(rows).toEqual([{ word: '🎁' }])
  })
})
