import { describe, expect, it } from 'vitest'
import type { ImportMapping } from './import-mapping.js'
import { readLines } from './read-lines.js'
import { type BadRow, type Row, readRows } from './read-rows.js'

const csv: ImportMapping['file'] = {
  format: 'csv',
  delimiter: ',',
  header: true,
  encoding: 'utf-8',
}

describe('rows of CSV', () => {
  it('have the cells that were asked for, in that order, whatever the case of quotes', async () => {
    const text = 'a,b,c\n1,"2, two",3\n "4 ""four""",5,6\n'
    expect(await read(text, csv, ['b', 'a'])).toEqual({
      rows: [
        { line: 2, cells: ['2, two', '1'] },
        // A quote after a blank is a character like any other to the standard: it opens nothing.
      ],
      bad: [{ line: 3, code: 'UNREADABLE', reason: 'stray quotes' }],
    })
  })

  it('keep doubled quotes as quotes, and lose the blanks around them', async () => {
    expect(await read('a,b\n"x ""y"" z", 1 \n', csv, ['a', 'b'])).toEqual({
      rows: [{ line: 2, cells: ['x "y" z', '1'] }],
      bad: [],
    })
  })

  it('may run over line ends inside quotes', async () => {
    expect(await read('a,b\n"one\ntwo\n\nthree",1\nx,2\n', csv, ['a', 'b'])).toEqual({
      rows: [
        { line: 2, cells: ['one\ntwo\n\nthree', '1'] },
        { line: 6, cells: ['x', '2'] },
      ],
      bad: [],
    })
  })

  it('with a quote too many cost their own line only', async () => {
    const lines = Array.from({ length: 300 }, (_, index) => `${index},x`)
    lines[10] = '10,"open'
    lines[20] = '20,5" pipe'
    lines[290] = '290,"open'
    const { rows, bad } = await read(`a,b\n${lines.join('\n')}\n`, csv, ['a', 'b'])
    expect(bad.map(({ line, code }) => [line, code])).toEqual([
      [12, 'UNREADABLE'],
      [22, 'UNREADABLE'],
      [292, 'UNREADABLE'],
    ])
    expect(rows).toHaveLength(297)
    expect(rows[11]).toEqual({ line: 14, cells: ['12', 'x'] })
  })

  it('with too many cells or too few are told', async () => {
    const { rows, bad } = await read('a,b\n1\n1,2\n1,2,3\n', csv, ['a'])
    expect(rows).toEqual([{ line: 3, cells: ['1'] }])
    expect(bad).toEqual([
      { line: 2, code: 'WRONG_COLUMNS', reason: '1 columns where there should be 2' },
      { line: 4, code: 'WRONG_COLUMNS', reason: '3 columns where there should be 2' },
    ])
  })

  it('leave blank lines out, and count them', async () => {
    const { rows } = await read('\na,b\n\n  \n1,2\n\n', csv, ['a'])
    expect(rows).toEqual([{ line: 5, cells: ['1'] }])
  })

  it('are told where they are no text', async () => {
    const bytes = Buffer.concat([Buffer.from('a\n'), Buffer.from([0xc3, 0x28]), Buffer.from('\n2')])
    expect(await read(bytes, csv, ['a'])).toEqual({
      rows: [{ line: 3, cells: ['2'] }],
      bad: [{ line: 2, code: 'NOT_TEXT', reason: 'bytes that are no text' }],
    })
  })

  it('may be set apart by another character, and have their names elsewhere', async () => {
    const file: ImportMapping['file'] = { ...csv, delimiter: ';', header: ['a', 'b'] }
    expect((await read('1,5;"2;3"\n', file, ['b', 'a'])).rows).toEqual([
      { line: 1, cells: ['2;3', '1,5'] },
    ])
  })

  it('need the columns that were asked for, once each', async () => {
    await expect(read('a,b\n1,2\n', csv, ['a', 'z', 'y'])).rejects.toThrow(
      'The file has no column "z", "y". It has: a, b.',
    )
    await expect(read('a,a\n1,2\n', csv, ['a'])).rejects.toThrow(/"a" more than once/)
    await expect(read('', csv, ['a'])).rejects.toThrow(/empty/)
  })
})

describe('rows of columns', () => {
  it('are set apart by any white space', async () => {
    const file: ImportMapping['file'] = { format: 'columns', header: true, encoding: 'utf-8' }
    const text = ' id  date\tvalue\r\n 00001 19970101   11.77\r\n\r\n 00002 19970112\r\n'
    expect(await read(text, file, ['value', 'id'])).toEqual({
      rows: [{ line: 2, cells: ['11.77', '00001'] }],
      bad: [{ line: 4, code: 'WRONG_COLUMNS', reason: '2 columns where there should be 3' }],
    })
  })
})

describe('rows of NDJSON', () => {
  const file: ImportMapping['file'] = { format: 'ndjson', encoding: 'utf-8' }

  it('keep numbers as they are written', async () => {
    const text =
      '{"a": 0.10000000000000000001, "b": "1e3", "c": -12345678901234567890, "d": 1E+2, "e\\"1": 5}'
    const { rows } = await read(text, file, ['a', 'b', 'c', 'd', 'e"1'])
    expect(rows).toEqual([
      { line: 1, cells: ['0.10000000000000000001', '1e3', '-12345678901234567890', '1E+2', '5'] },
    ])
  })

  it('name inner fields with dots, and have nothing where there is nothing', async () => {
    const text = '{"customer": {"id": 7, "vip": true}, "x": null}\n\n{"customer": 8}'
    const { rows } = await read(text, file, ['customer.id', 'customer.vip', 'x', 'y'])
    expect(rows).toEqual([
      { line: 1, cells: ['7', 'true', '', ''] },
      { line: 3, cells: ['', '', '', ''] },
    ])
  })

  it('may be items of a list', async () => {
    const text =
      '{"id": 1, "lines": [{"sku": "a"}, {"sku": "b"}]}\n{"id": 2}\n{"id": 3, "lines": []}'
    expect(await read(text, { ...file, each: 'lines' }, ['id', 'lines.sku'])).toEqual({
      rows: [
        { line: 1, cells: ['1', 'a'] },
        { line: 1, cells: ['1', 'b'] },
      ],
      bad: [{ line: 2, code: 'UNREADABLE', reason: 'no list "lines"' }],
    })
  })

  it.each(['{"a": 1', '{"a": 01}', '[]', 'null', '3', 'a,b'])('are not %s', async (text) => {
    const { rows, bad } = await read(text, file, ['a'])
    expect(rows).toEqual([])
    expect(bad).toMatchObject([{ line: 1, code: 'UNREADABLE' }])
  })
})

async function read(content: string | Buffer, file: ImportMapping['file'], columns: string[]) {
  async function* chunks() {
    const bytes = Buffer.from(content)
    // Small pieces, so that rows lie across them.
    for (let from = 0; from < bytes.length; from += 64) yield bytes.subarray(from, from + 64)
  }
  const rows: Row[] = []
  const bad: BadRow[] = []
  for await (const some of readRows(readLines(chunks(), file), { file, columns })) {
    rows.push(...some.rows)
    bad.push(...some.bad)
  }
  return { rows, bad }
}
