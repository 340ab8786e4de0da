import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FileLine, readLines } from './read-lines.js'

describe('lines of a file', () => {
  it('are numbered from 1, whatever ends them', async () => {
    expect(await linesOf('one\r\n\ntwo 积分\nthree')).toEqual([
      { line: 1, text: 'one' },
      { line: 2, text: '' },
      { line: 3, text: 'two 积分' },
      { line: 4, text: 'three' },
    ])
  })

  it('may end with the last one, and there may be none', async () => {
    expect(await linesOf('one\n')).toEqual([{ line: 1, text: 'one' }])
    expect(await linesOf('')).toEqual([])
    expect(await linesOf('\n')).toEqual([{ line: 1, text: '' }])
  })

  it('do not begin with the mark that some programs put before a text', async () => {
    const marked = Buffer.from('\uFEFFone\ntwo')
    for (const size of [1, 2, 3, 100]) {
      expect(await linesOf(marked, { size })).toEqual([
        { line: 1, text: 'one' },
        { line: 2, text: 'two' },
      ])
    }
    expect(await linesOf(Buffer.from('\uFEFF'))).toEqual([])
  })

  it('of UTF-16 are not guessed at', async () => {
    for (const mark of [
      [0xff, 0xfe],
      [0xfe, 0xff],
    ]) {
      await expect(linesOf(Buffer.from([...mark, 0x61, 0]))).rejects.toThrow(/UTF-16/)
    }
  })

  it('that are no UTF-8 spoil nothing but themselves', async () => {
    const bytes = Buffer.concat([
      Buffer.from('good\nb'),
      Buffer.from([0xff]),
      Buffer.from('d\ngood, too'),
    ])
    expect(await linesOf(bytes)).toEqual([
      { line: 1, text: 'good' },
      { line: 2, fault: 'NOT_TEXT' },
      { line: 3, text: 'good, too' },
    ])
    expect(await linesOf(Buffer.from([0x61, 0x0a, 0xe7]))).toEqual([
      { line: 1, text: 'a' },
      { line: 2, fault: 'NOT_TEXT' },
    ])
  })

  it('of windows-1252 are read as such', async () => {
    const bytes = Buffer.from([0xa3, 0x35, 0x20, 0x80, 0x0a, 0xe9])
    expect(await linesOf(bytes, { encoding: 'windows-1252' })).toEqual([
      { line: 1, text: '£5 €' },
      { line: 2, text: 'é' },
    ])
  })

  it.each([1, 3, 7, 1000])('that are too long are let go, read by %i bytes', async (size) => {
    const long = 'x'.repeat(50)
    expect(await linesOf(`a\n${long}\nb\n${long}`, { size, maxLineBytes: 20 })).toEqual([
      { line: 1, text: 'a' },
      { line: 2, fault: 'LINE_TOO_LONG' },
      { line: 3, text: 'b' },
      { line: 4, fault: 'LINE_TOO_LONG' },
    ])
  })

  it('are the same however the bytes arrive', async () => {
    const pieces = fc.array(
      fc.constantFrom('a', 'é', '积', '🎁', '\n', '\r\n', '"', ',', '\uFEFF'),
      { maxLength: 60 },
    )
    await fc.assert(
      fc.asyncProperty(pieces, fc.integer({ min: 1, max: 9 }), async (parts, size) => {
        const text = `x${parts.join('')}`
        const whole = await linesOf(text)
        expect(await linesOf(text, { size })).toEqual(whole)
        const plain = text.split('\n').map((line) => line.replace(/\r$/, ''))
        if (text.endsWith('\n')) plain.pop()
        expect(whole).toEqual(plain.map((line, index) => ({ line: index + 1, text: line })))
      }),
    )
  })
})

async function linesOf(
  content: string | Buffer,
  {
    size = 1 << 16,
    encoding = 'utf-8',
    maxLineBytes,
  }: { size?: number; encoding?: 'utf-8' | 'windows-1252'; maxLineBytes?: number } = {},
): Promise<FileLine[]> {
  const bytes = Buffer.from(content)
  async function* chunks() {
    for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
  }
  const lines: FileLine[] = []
  for await (const some of readLines(chunks(), { encoding, maxLineBytes })) lines.push(...some)
  return lines
}
