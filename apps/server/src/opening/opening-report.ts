import { quote } from '../import/import-report.js'
import { openFileWriter } from './open-file-writer.js'

/** A line that did not go in, and why; or, as a warning, one that did. */
export interface OpeningFault {
  readonly file: string
  readonly line: number
  readonly member: string | null
  readonly field: string | null
  readonly code: string
  readonly reason: string
}

export interface OpeningReport {
  readonly count: number
  /** The first few, to show. */
  readonly first: readonly OpeningFault[]
  add(fault: OpeningFault): Promise<void>
  finish(): Promise<void>
}

const SHOWN = 20
const HEADER = 'file,line,member,field,code,reason\n'

/** Writes line by line, CSV where the name ends so, else NDJSON; the file has its name when it is whole. */
export async function openOpeningReport(path: string): Promise<OpeningReport> {
  const csv = path.toLowerCase().endsWith('.csv')
  const out = await openFileWriter(path)
  if (csv) await out.write(HEADER)
  const first: OpeningFault[] = []
  let count = 0
  return {
    get count() {
      return count
    },
    first,
    async add(fault) {
      count++
      if (first.length < SHOWN) first.push(fault)
      await out.write(csv ? csvRow(fault) : `${JSON.stringify(fault)}\n`)
    },
    async finish() {
      await out.finish()
    },
  }
}

function csvRow({ file, line, member, field, code, reason }: OpeningFault): string {
  return `${[file, String(line), member ?? '', field ?? '', code, reason].map(quote).join(',')}\n`
}

/** `balances.csv:12: expiresAt: INVALID_INPUT: expected …`. */
export function describeFault({ file, line, field, code, reason }: OpeningFault): string {
  return `${file}:${line}: ${field === null ? '' : `${field}: `}${code}: ${reason}`
}
