import { isUtf8 } from 'node:buffer'
import { UnfitFile } from './unfit-file.js'

/** One line of a file, without its end. A line that cannot be read says why instead. */
export type FileLine =
  | { readonly line: number; readonly text: string }
  | { readonly line: number; readonly fault: 'NOT_TEXT' | 'LINE_TOO_LONG' }

const MAX_LINE_BYTES = 1024 * 1024

const NEWLINE = 0x0a
const NOTHING = Buffer.alloc(0)
const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf])
const UTF16_MARKS = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])]

/**
 * Cuts a stream of bytes into lines, counted from 1, some at a time. Ends are LF or CRLF. Bytes that
 * are no text in the encoding spoil their own line only, and a line without an end in sight is let go
 * before it fills the memory.
 */
export async function* readLines(
  bytes: AsyncIterable<Buffer>,
  {
    encoding,
    maxLineBytes = MAX_LINE_BYTES,
  }: { encoding: 'utf-8' | 'windows-1252'; maxLineBytes?: number },
): AsyncGenerator<FileLine[]> {
  const decode = encoding === 'utf-8' ? decodeUtf8 : decodeWindows1252
  let line = 0
  let rest: Buffer[] = []
  let restBytes = 0
  let tooLong = false

  for await (const chunk of withoutMark(bytes, encoding)) {
    const end = chunk.lastIndexOf(NEWLINE)
    if (end === -1) {
      rest.push(chunk)
      restBytes += chunk.length
      if (restBytes > maxLineBytes) {
        tooLong = true
        rest = []
      }
      continue
    }
    let block = Buffer.concat([...rest, chunk.subarray(0, end)])
    const lines: FileLine[] = []
    if (tooLong) {
      // What is left of the line that was too long ends at the first line end.
      lines.push({ line: line + 1, fault: 'LINE_TOO_LONG' })
      const first = block.indexOf(NEWLINE)
      block = first === -1 ? NOTHING : block.subarray(first + 1)
    }
    const texts = block === NOTHING ? [] : decode(block)
    for (const text of texts) lines.push(makeLine(line + lines.length + 1, text))
    line += lines.length
    rest = [chunk.subarray(end + 1)]
    restBytes = chunk.length - end - 1
    tooLong = restBytes > maxLineBytes
    if (tooLong) rest = []
    yield lines
  }
  if (tooLong) yield [{ line: line + 1, fault: 'LINE_TOO_LONG' }]
  else if (restBytes > 0) {
    yield [makeLine(line + 1, decode(Buffer.concat(rest))[0] ?? null)]
  }

  function makeLine(line: number, text: string | null): FileLine {
    if (text === null) return { line, fault: 'NOT_TEXT' }
    if (text.length > maxLineBytes) return { line, fault: 'LINE_TOO_LONG' }
    return { line, text: text.endsWith('\r') ? text.slice(0, -1) : text }
  }
}

async function* withoutMark(bytes: AsyncIterable<Buffer>, encoding: string) {
  let head: Buffer | null = Buffer.alloc(0)
  for await (const chunk of bytes) {
    if (head === null) {
      yield chunk
      continue
    }
    // A mark may come in pieces.
    head = Buffer.concat([head, chunk])
    if (head.length < UTF8_MARK.length) continue
    yield withoutMarkAtStart(head, encoding)
    head = null
  }
  if (head !== null && head.length > 0) yield withoutMarkAtStart(head, encoding)
}

function withoutMarkAtStart(head: Buffer, encoding: string): Buffer {
  if (UTF16_MARKS.some((mark) => head.subarray(0, 2).equals(mark))) {
    throw new UnfitFile('The file is in UTF-16. Save it as UTF-8 and import that.')
  }
  const marked = encoding === 'utf-8' && head.subarray(0, 3).equals(UTF8_MARK)
  return marked ? head.subarray(3) : head
}

function decodeUtf8(block: Buffer): (string | null)[] {
  if (isUtf8(block)) return block.toString('utf8').split('\n')
  return splitBytes(block).map((line) => (isUtf8(line) ? line.toString('utf8') : null))
}

// What Windows has where Latin-1 has controls, from 0x80 on. Node's own decoder takes them for Latin-1.
const WINDOWS_CONTROLS =
  '\u20AC\x81\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\x8D\u017D\x8F' +
  '\x90\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\x9D\u017E\u0178'

function decodeWindows1252(block: Buffer): string[] {
  return block
    .toString('latin1')
    .replace(/[\x80-\x9F]/g, (char) => WINDOWS_CONTROLS[char.charCodeAt(0) - 0x80] as string)
    .split('\n')
}

function splitBytes(block: Buffer): Buffer[] {
  const lines: Buffer[] = []
  let from = 0
  for (let at = block.indexOf(NEWLINE); at !== -1; at = block.indexOf(NEWLINE, from)) {
    lines.push(block.subarray(from, at))
    from = at + 1
  }
  lines.push(block.subarray(from))
  return lines
}
