import fc from 'fast-check'
import { createConnection } from 'mysql2/promise'
import { describe, expect, it } from 'vitest'
import { freshMysqlUrl, hasMysql } from '../../../../test/support/databases.js'
import { fillStatement, mysqlLiteral, mysqlRows } from './mysql-literal.js'

describe('literals of MySQL', () => {
  it('writes values out', () => {
    expect(mysqlLiteral(null)).toBe('NULL')
    expect(mysqlLiteral(-7)).toBe('-7')
    expect(mysqlLiteral(Number.MAX_SAFE_INTEGER)).toBe('9007199254740991')
    expect(mysqlLiteral('{"a":"b"}')).toBe(`'{"a":"b"}'`)
    expect(mysqlLiteral(`it's \\ a \0`)).toBe(`'it\\'s \\\\ a \\0'`)
  })

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], [undefined], [true], [{}], [10n]])(
    'writes no %s',
    (value) => {
      expect(() => mysqlLiteral(value as never)).toThrow(TypeError)
    },
  )

  it('fills statements and rows', () => {
    expect(fillStatement('a = ? AND b IN (?)', ['x?', [1, 2]])).toBe(`a = 'x?' AND b IN (1,2)`)
    expect(
      mysqlRows([
        [1, 'a'],
        [2, null],
      ]),
    ).toBe(`(1,'a'),(2,NULL)`)
    expect(() => fillStatement('a = ?', [])).toThrow('1 places got 0 values')
  })

  it.runIf(hasMysql())('comes back from a server as it was, whatever is in it', async () => {
    const connection = await createConnection({ uri: await freshMysqlUrl(), charset: 'utf8mb4' })
    await connection.query(`SET SESSION sql_mode = 'STRICT_ALL_TABLES'`)
    const nasty = fc.string({
      unit: fc.oneof(
        fc.constantFrom("'", '"', '\\', '\0', '\n', '\r', '\x1a', '%', '?'),
        fc.string({ unit: 'binary', maxLength: 1 }),
      ),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(nasty, { minLength: 1, maxLength: 20 }), async (texts) => {
        const columns = texts.map((text, n) => `${mysqlLiteral(text)} AS c${n}`)
        const [rows] = await connection.query(`SELECT ${columns.join(', ')}`)
        expect(Object.values((rows as object[])[0]!)).toEqual(texts)
      }),
      { numRuns: 200 },
    )
    await connection.end()
  })
})
