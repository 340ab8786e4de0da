import { readdir, readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type KnownOperation, KnownOperationFault } from '@pointwell/gateway'
import { z } from 'zod'

/** As Apollo's generator writes it. */
const apolloManifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string().min(1).max(200), body: z.string() })),
})
/** As GraphQL Code Generator and Relay write it: what stands for a text, and the text. */
const plainManifest = z.record(z.string().min(1).max(200), z.string())

/**
 * The operations of a manifest, or of a folder with `.graphql` files and manifests. Throws
 * `KnownOperationFault` that names each file that cannot be used.
 */
export async function readKnownOperations(path: string): Promise<KnownOperation[]> {
  const files = await listFiles(resolve(path))
  const operations: KnownOperation[] = []
  const faults: string[] = []
  for (const file of files) {
    try {
      operations.push(...readOperations(file, await readFile(file, 'utf8')))
    } catch (error) {
      faults.push(`${file}: ${(error as Error).message}`)
    }
  }
  if (files.length === 0) faults.push(`${path}: has no .graphql or .json file`)
  else if (operations.length === 0 && faults.length === 0) faults.push(`${path}: has no operation`)
  if (faults.length > 0) throw new KnownOperationFault(faults)
  return operations
}

async function listFiles(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path]
    const names = await readdir(path, { recursive: true })
    return names
      .filter((name) => /\.(graphql|gql|json)$/.test(name))
      .toSorted()
      .map((name) => join(path, name))
  } catch {
    throw new KnownOperationFault([`${path}: cannot be read`])
  }
}

function readOperations(file: string, text: string): KnownOperation[] {
  if (!file.endsWith('.json')) return [{ text, from: file }]
  const json = parseJson(text)
  const apollo = apolloManifest.safeParse(json)
  if (apollo.success) {
    return apollo.data.operations.map(({ id, body }) => ({ id, text: body, from: `${file} ${id}` }))
  }
  const plain = plainManifest.safeParse(json)
  if (!plain.success) {
    throw new Error(
      'Expected a manifest of Apollo (apollo-persisted-query-manifest 1), or one that has the text under each id.',
    )
  }
  return Object.entries(plain.data).map(([id, body]) => ({
    id,
    text: body,
    from: `${file} ${id}`,
  }))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('Expected JSON.')
  }
}
