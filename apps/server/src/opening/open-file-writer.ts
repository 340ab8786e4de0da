import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A file that grows piece by piece and gets its name when it is whole. */
export interface FileWriter {
  write(text: string): Promise<void>
  /** Answers with the SHA-256 of what was written, in hex. */
  finish(): Promise<string>
  /** What was written goes. */
  abandon(): Promise<void>
}

/** Writes beside the file's name until it is whole: what is there already stays until then. */
export async function openFileWriter(path: string): Promise<FileWriter> {
  await mkdir(dirname(path), { recursive: true })
  const part = `${path}.part`
  const out = createWriteStream(part)
  const hash = createHash('sha256')
  const failed = once(out, 'error').then(([error]) => Promise.reject(error))
  // Whichever comes first is awaited below.
  failed.catch(() => {})
  return {
    async write(text) {
      if (text === '') return
      hash.update(text)
      if (!out.write(text)) await Promise.race([once(out, 'drain'), failed])
    },
    async finish() {
      out.end()
      await Promise.race([once(out, 'close'), failed])
      await rename(part, path)
      return hash.digest('hex')
    },
    async abandon() {
      out.destroy()
      await rm(part, { force: true })
    },
  }
}
