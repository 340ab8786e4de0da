import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OtherImportError, openImportState, type StepDone } from './import-state.js'

const key = { planVersion: 1, file: 'f', mapping: 'm', server: 's' }
const took = (member: number, step: number, points: number): StepDone => ({
  member,
  step,
  result: { points },
})
const refused: StepDone = {
  member: 3,
  step: 1,
  result: { refused: true, code: 'LIMIT', message: 'Zu viel', field: 'lines.2' },
}

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pointwell-state-'))
  path = join(folder, 'deep', 'state.ndjson')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('E13: the state of an import', () => {
  it('is what was answered, over any number of runs', async () => {
    await run([took(0, 0, 0), took(0, 1, 25)], [refused])
    await run([took(1, 0, 7)])
    expect(await read()).toEqual([took(0, 0, 0), took(0, 1, 25), refused, took(1, 0, 7)])
  })

  it('loses no more than the batch it was killed in', async () => {
    await run([took(0, 0, 1)], [took(0, 1, 2)])
    const whole = await readFile(path, 'utf8')
    const lines = whole.trimEnd().split('\n')
    for (let length = 0; length <= whole.length; length += 1) {
      await writeFile(path, whole.slice(0, length))
      const kept = lines.filter((_, index) => {
        const end = lines.slice(0, index + 1).join('\n').length
        return index > 0 && length > end
      })
      expect(await read()).toHaveLength(kept.length)
      await run([took(9, 9, 9)])
      expect((await read()).slice(0, kept.length)).toHaveLength(kept.length)
      expect((await read()).at(-1)).toEqual(took(9, 9, 9))
    }
  })

  it('counts a step once, the last answer of it', async () => {
    await run([took(0, 0, 1)], [took(0, 0, 2)])
    expect(await read()).toEqual([took(0, 0, 2)])
  })

  it.each([
    ['file', { ...key, file: 'other' }],
    ['mapping', { ...key, mapping: 'other' }],
    ['server', { ...key, server: 'other' }],
    ['planVersion', { ...key, planVersion: 2 }],
  ])('is not that of another %s', async (name, other) => {
    await run([took(0, 0, 1)])
    await expect(openImportState(path, other)).rejects.toThrow(OtherImportError)
    await expect(openImportState(path, other)).rejects.toThrow(name)
  })

  it.each(['my letters\n', 'null\n', '{}\n[]\n'])('is not any file at all: %j', async (content) => {
    await run()
    await writeFile(path, content)
    await expect(openImportState(path, key)).rejects.toThrow(OtherImportError)
    expect(await readFile(path, 'utf8')).toBe(content)
  })

  it('passes over lines that somebody spoilt', async () => {
    await run([took(0, 0, 1)])
    await appendFile(path, 'nonsense\n{"a":1}\n')
    await run([took(0, 1, 1)])
    expect(await read()).toEqual([took(0, 0, 1), took(0, 1, 1)])
  })

  it('goes when the import is complete', async () => {
    const state = await openImportState(path, key)
    await state.remove()
    await state.close()
    await expect(readFile(path)).rejects.toThrow(/ENOENT/)
  })
})

async function run(...batches: StepDone[][]) {
  const state = await openImportState(path, key)
  for (const batch of batches) await state.append(batch)
  await state.close()
}

async function read(): Promise<readonly StepDone[]> {
  const state = await openImportState(path, key)
  await state.close()
  return state.done
}
