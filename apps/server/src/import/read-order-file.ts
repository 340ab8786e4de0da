import { openOrderGroups } from './group-orders.js'
import { type ImportMapping, listMappedColumns } from './import-mapping.js'
import { openOrderFile } from './open-order-file.js'
import { type ImportPlan, planImport } from './plan-import.js'
import { readLines } from './read-lines.js'
import type { MappingFault } from './read-mapping.js'
import { BadMappingError } from './read-mapping.js'
import { makeOrderLineReader } from './read-order-line.js'
import { MissingColumnsError, readRows } from './read-rows.js'

export interface OrderFilePlan {
  readonly plan: ImportPlan
  /** SHA-256 of the file, in hex. */
  readonly hash: string
}

export class StoppedWhileReading extends Error {
  constructor() {
    super('Stopped while reading the file. Nothing was sent.')
  }
}

/**
 * Reads a whole file and works out what to tell the server. Nothing can be sent before all of it is
 * read: the last line may belong to the first order. Memory is some 500 bytes for each line used.
 * @param onProgress told how much of the file is read, from 0 to 1
 * @throws BadMappingError when the file lacks columns that the mapping names
 */
export async function readOrderFile(
  path: string,
  mapping: ImportMapping,
  {
    onProgress = () => {},
    signal,
  }: { onProgress?: (part: number) => void; signal?: AbortSignal } = {},
): Promise<OrderFilePlan> {
  const file = await openOrderFile(path)
  const columns = [...new Set(listMappedColumns(mapping).map(({ column }) => column))]
  const read = makeOrderLineReader(mapping, columns)
  const groups = openOrderGroups(mapping)
  const unreadable: ImportPlan['report'][number][] = []
  try {
    const lines = readLines(file.bytes, mapping.file)
    for await (const { rows, bad } of readRows(lines, { file: mapping.file, columns })) {
      for (const row of rows) groups.add(read(row))
      for (const { line, code, reason } of bad) {
        unreadable.push({ line, order: null, customer: null, code, reason })
      }
      onProgress(file.progress())
      if (signal?.aborted) throw new StoppedWhileReading()
    }
  } catch (error) {
    if (error instanceof MissingColumnsError) {
      throw new BadMappingError(`for ${path}`, explainMissing(error, mapping))
    }
    throw error
  }
  const plan = planImport(groups.close(), mapping)
  return { plan: { ...plan, report: [...unreadable, ...plan.report] }, hash: file.hash() }
}

function explainMissing(
  { missing, present }: MissingColumnsError,
  mapping: ImportMapping,
): MappingFault[] {
  return listMappedColumns(mapping)
    .filter(({ column }) => missing.includes(column))
    .map(({ column, path }) => ({
      path,
      message: `the file has no column "${column}"; it has ${present.join(', ')}`,
    }))
}
