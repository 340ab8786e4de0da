import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { countByCode, type ReportEntry, sortReport, writeReport } from './import-report.js'

const entries: ReportEntry[] = [
  { line: 7, order: '5', customer: '1', code: 'B', reason: 'says "no", twice\nor thrice' },
  { line: 3, order: null, customer: null, code: 'A', reason: '=1+1' },
  { line: 7, order: '5', customer: '1', code: 'A', reason: 'x' },
]

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pointwell-report-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('E13: the report of an import', () => {
  it('is sorted by line, then code', () => {
    expect(sortReport(entries).map(({ line, code }) => `${line}${code}`)).toEqual([
      '3A',
      '7A',
      '7B',
    ])
    expect(countByCode(entries)).toEqual({ A: 2, B: 1 })
  })

  it('is CSV that reads back, and that no spreadsheet runs', async () => {
    await writeReport(join(folder, 'deep', 'r.CSV'), entries)
    const rows = parse(await readFile(join(folder, 'deep', 'r.CSV')), { columns: true })
    expect(rows).toEqual([
      { line: '7', order: '5', customer: '1', code: 'B', reason: 'says "no", twice\nor thrice' },
      { line: '3', order: '', customer: '', code: 'A', reason: "'=1+1" },
      { line: '7', order: '5', customer: '1', code: 'A', reason: 'x' },
    ])
  })

  it('is NDJSON otherwise', async () => {
    await writeReport(join(folder, 'r'), entries)
    const lines = (await readFile(join(folder, 'r'), 'utf8')).trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual(entries)
  })

  it('is whole, also when it is long, and takes the place of an older one', async () => {
    const path = join(folder, 'r.ndjson')
    await writeFile(path, 'old')
    const many = Array.from({ length: 50_000 }, (_, line) => ({
      ...(entries[0] as ReportEntry),
      line,
    }))
    await writeReport(path, many)
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n')
    expect(lines).toHaveLength(50_000)
    expect(JSON.parse(lines.at(-1) as string).line).toBe(49_999)
    expect(await readdir(folder)).toEqual(['r.ndjson'])
  })

  it('fails where it cannot be written', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(writeReport(join(folder, 'file', 'r.csv'), entries)).rejects.toThrow()
    await expect(writeReport(folder, entries)).rejects.toThrow()
  })
})
