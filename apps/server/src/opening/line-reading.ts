import { isRefusal } from '@pointwell/ledger'
import type { LineFile } from '@pointwell/program'
import type { Reading } from './opening-reading.js'

type Line = Parameters<LineFile['nameOf']>[0]

/** Lines that a plugin takes. */
export function lineReading(file: LineFile): Reading<Line> {
  return {
    word: 'line',
    nameOf(line) {
      const read = file.read(line)
      const [field = ''] = file.needed
      return { name: isRefusal(read) ? null : file.nameOf(read.value), field, member: null }
    },
    read: (line) => file.read(line),
    checkAmong: () => undefined,
    check: (lines) => file.check(lines),
    bring: (lines) => file.take(lines),
    warn: () => null,
    count() {},
  }
}
