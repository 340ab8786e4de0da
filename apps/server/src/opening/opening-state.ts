import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** How far an import of one file has come: everything before a line is in. */
interface Reached {
  /** SHA-256 of the file, in hex. */
  readonly file: string
  readonly line: number
}

/** Only saves time: without it an import says everything again, and is answered as it was before. */
export async function saveReached(path: string, reached: Reached): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.part`, JSON.stringify(reached))
  await rename(`${path}.part`, path)
}

/** The line to go on from; 0: nothing was done of this very file, or nobody knows. */
export async function findReached(path: string, file: string): Promise<number> {
  try {
    const reached = JSON.parse(await readFile(path, 'utf8')) as Partial<Reached> | null
    const fits = reached?.file === file && Number.isSafeInteger(reached.line)
    return fits ? (reached.line as number) : 0
  } catch {
    return 0
  }
}

export async function forgetReached(path: string): Promise<void> {
  await rm(path, { force: true })
}
