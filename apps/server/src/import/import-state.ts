import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** What an import is: the same file, read in the same way, into the same server. */
export interface ImportKey {
  readonly planVersion: number
  /** SHA-256 in hex. */
  readonly file: string
  readonly mapping: string
  readonly server: string
}

/** What the server answered to one step. */
export type StepResult =
  | { readonly refused?: undefined; readonly points: number }
  | {
      readonly refused: true
      readonly code: string
      readonly message: string
      readonly field: string | null
    }

export interface StepDone {
  /** Which member of the plan, and which of its steps; both from 0. */
  readonly member: number
  readonly step: number
  readonly result: StepResult
}

export interface ImportState {
  /** Steps that an earlier run finished. */
  readonly done: readonly StepDone[]
  append(steps: readonly StepDone[]): Promise<void>
  close(): Promise<void>
  /** The import is complete: nothing is left to go on with. */
  remove(): Promise<void>
}

export class OtherImportError extends Error {}

/**
 * A file of what is done, one line for each batch answered. It only saves time: without it an import
 * tells the server everything again, which answers as it did before.
 * @throws OtherImportError when the file there belongs to another import
 */
export async function openImportState(path: string, key: ImportKey): Promise<ImportState> {
  await mkdir(dirname(path), { recursive: true })
  const before = await readIfThere(path)
  // A run that was killed may have left half a line, and even half of the first.
  const [first, ...others] = before.split('\n').slice(0, -1)
  if (first !== undefined) assertSameImport(first, key, path)
  const handle = await open(path, first === undefined ? 'w' : 'a')
  if (first === undefined) await handle.write(`${JSON.stringify({ pointwellImport: key })}\n`)
  else if (!before.endsWith('\n')) await handle.write('\n')

  const steps = new Map<string, StepDone>()
  for (const done of others.flatMap(parseRows)) steps.set(`${done.member} ${done.step}`, done)
  let closed = false
  const close = async () => {
    if (!closed) await handle.close()
    closed = true
  }
  return {
    done: [...steps.values()],
    async append(added) {
      const rows = added.map(({ member, step, result }) =>
        result.refused
          ? [member, step, result.code, result.message, result.field]
          : [member, step, result.points],
      )
      await handle.write(`${JSON.stringify(rows)}\n`)
    },
    close,
    async remove() {
      await close()
      await rm(path, { force: true })
    },
  }
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

function assertSameImport(text: string, key: ImportKey, path: string) {
  let found: Partial<ImportKey> | undefined
  try {
    found = (JSON.parse(text) as { pointwellImport?: ImportKey } | null)?.pointwellImport
  } catch {
    // Not ours.
  }
  const names = ['file', 'mapping', 'server', 'planVersion'] as const
  const other = found ? names.filter((name) => found[name] !== key[name]) : ['content']
  if (other.length === 0) return
  throw new OtherImportError(
    `${path} is the state of another import: it differs in ${other.join(' and ')}. Remove it, or name another with --state.`,
  )
}

function parseRows(text: string): StepDone[] {
  try {
    const rows = JSON.parse(text) as [number, number, number | string, string?, (string | null)?][]
    return rows.map(([member, step, outcome, message = '', field = null]) => ({
      member,
      step,
      result:
        typeof outcome === 'number'
          ? { points: outcome }
          : { refused: true, code: outcome, message, field },
    }))
  } catch {
    return []
  }
}
