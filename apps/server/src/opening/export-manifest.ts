import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readBySchema } from '@pointwell/plugin'
import { z } from 'zod'

const written = {
  format: z.enum(['ndjson', 'csv']),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
}
const file = { ...written, members: z.int().min(0) }
const sum = z.string().regex(/^\d+$/)

/** What a whole export says of itself. */
const manifestSchema = z.strictObject({
  format: z.literal('pointwell-export'),
  version: z.literal(1),
  exportedAt: z.iso.datetime(),
  files: z.strictObject({
    members: z.strictObject(file).optional(),
    balances: z
      .strictObject({
        ...file,
        lots: z.int().min(0),
        points: z.strictObject({
          available: sum,
          pending: sum,
          claimable: sum,
          held: sum,
          frozen: sum,
          debt: sum,
        }),
      })
      .optional(),
    orders: z
      .strictObject({
        ...written,
        policies: z.int().min(0),
        earned: z.int().min(0),
        payments: z.int().min(0),
      })
      .optional(),
  }),
  /** Of plugins, by what operators call them. */
  lines: z
    .record(
      z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
      z.strictObject({ ...written, lines: z.int().min(0) }),
    )
    .optional(),
})

export type Manifest = z.output<typeof manifestSchema>

const NAME = 'manifest.json'
const POLICY = 'policy.json'

/** The folder is no export, or not a whole one. */
class NoExport extends Error {
  override readonly name = 'NoExport'
}

/** Written last: a folder that has it has everything. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeFile(join(folder, NAME), `${JSON.stringify(manifest, null, 2)}\n`)
}

export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, NAME)
  let value: unknown
  try {
    value = JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    const { message } = cause as Error
    throw new NoExport(`${folder} is no whole export: ${NAME} cannot be read: ${message}`, {
      cause,
    })
  }
  const parsed = readBySchema(manifestSchema, value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new NoExport(`${path}: ${issue?.path.join('.')}: ${issue?.message}`)
}

/** The policy in force goes along, for a system that has none yet. */
export async function writePolicy(folder: string, document: unknown): Promise<void> {
  await writeFile(join(folder, POLICY), `${JSON.stringify(document, null, 2)}\n`)
}

/** Undefined where the export has none. */
export async function readPolicy(folder: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(join(folder, POLICY), 'utf8'))
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new NoExport(`${join(folder, POLICY)}: ${(fault as Error).message}`, { cause: fault })
  }
}
