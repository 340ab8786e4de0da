import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { readBySchema } from '@pointwell/plugin'
import type { ZodError } from 'zod'
import { type ImportMapping, importMapping } from './import-mapping.js'

const SHIPPED = new URL('../../mappings/', import.meta.url)

export interface MappingFile {
  readonly mapping: ImportMapping
  /** SHA-256 of its text, in hex. */
  readonly hash: string
}

export interface MappingFault {
  /** Where in the document: `time.zone`; empty for the document itself. */
  readonly path: string
  readonly message: string
}

/** A mapping that cannot be used, with every fault it has. */
export class BadMappingError extends Error {
  constructor(
    readonly source: string,
    readonly faults: readonly MappingFault[],
  ) {
    const list = faults.map(({ path, message }) => `  ${path || '(document)'}: ${message}`)
    super(`The mapping ${source} cannot be used:\n${list.join('\n')}`)
  }
}

/** Reads a mapping by the path of its file, or by the name of one that comes with Pointwell. */
export async function readMapping(nameOrPath: string): Promise<MappingFile> {
  const text = await readText(nameOrPath)
  return {
    mapping: parseMapping(text, nameOrPath),
    hash: createHash('sha256').update(text).digest('hex'),
  }
}

/** @throws BadMappingError with every fault by its path */
export function parseMapping(text: string, source = 'given'): ImportMapping {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    throw new BadMappingError(source, [
      { path: '', message: `is no JSON: ${(error as Error).message}` },
    ])
  }
  const read = readBySchema(importMapping, document)
  if (!read.success) throw new BadMappingError(source, listFaults(read.error))
  return read.data
}

/** The mappings that come with Pointwell, by name. */
export async function listShippedMappings(): Promise<string[]> {
  const files = await readdir(SHIPPED)
  return files
    .filter((name) => name.endsWith('.json') && !name.endsWith('.policy.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .sort()
}

async function readText(nameOrPath: string): Promise<string> {
  if (/^[a-z0-9-]+$/.test(nameOrPath)) {
    const shipped = await listShippedMappings()
    if (!shipped.includes(nameOrPath)) {
      throw new Error(
        `There is no mapping "${nameOrPath}". Give the path of a file, or one of: ${shipped.join(', ')}.`,
      )
    }
    return readFile(fileURLToPath(new URL(`${nameOrPath}.json`, SHIPPED)), 'utf8')
  }
  return readFile(nameOrPath, 'utf8')
}

function listFaults({ issues }: ZodError): MappingFault[] {
  return issues.flatMap((issue) => {
    const path = issue.path.join('.')
    if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }]
    // One fault for each, at the place where it is.
    return issue.keys.map((key) => ({
      path: [...issue.path, key].join('.'),
      message: 'is no part of a mapping',
    }))
  })
}
