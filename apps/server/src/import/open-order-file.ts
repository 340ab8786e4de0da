import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import { UnfitFile } from './unfit-file.js'

export interface OrderFile {
  /** Its content, unpacked where it was packed with gzip. To be read once. */
  readonly bytes: AsyncIterable<Buffer>
  /** SHA-256 of the file as it lies there, in hex; only once all of it was read. */
  hash(): string
  /** How much of the file was read, from 0 to 1. */
  progress(): number
}

/** Opens a file for reading; gzip is known by its first bytes, whatever the file is called. */
export async function openOrderFile(path: string): Promise<OrderFile> {
  const handle = await open(path, 'r')
  let packed: boolean
  let size: number
  try {
    const head = Buffer.alloc(2)
    const { bytesRead } = await handle.read(head, 0, 2, 0)
    packed = bytesRead === 2 && head[0] === 0x1f && head[1] === 0x8b
    const stat = await handle.stat()
    if (stat.isDirectory()) throw new UnfitFile(`${path} is a folder.`)
    size = stat.size
  } finally {
    await handle.close()
  }

  const hash = createHash('sha256')
  let read = 0
  let done: string | undefined
  async function* hashed() {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) {
      hash.update(chunk)
      read += chunk.length
      yield chunk as Buffer
    }
    done = hash.digest('hex')
  }
  return {
    bytes: packed ? unpack(hashed(), path) : hashed(),
    hash() {
      if (done === undefined) throw new Error('The file was not read to its end.')
      return done
    },
    progress: () => (size === 0 ? 1 : Math.min(1, read / size)),
  }
}

async function* unpack(packed: AsyncIterable<Buffer>, path: string): AsyncGenerator<Buffer> {
  const { pipeline } = await import('node:stream/promises')
  const gunzip = createGunzip({ chunkSize: 1 << 18 })
  const running = pipeline(packed, gunzip).catch(() => {
    // The reader below meets the same fault.
  })
  try {
    for await (const chunk of gunzip) yield chunk as Buffer
  } catch (error) {
    throw new UnfitFile(`${path} is packed with gzip and damaged: ${(error as Error).message}.`)
  } finally {
    gunzip.destroy()
    await running
  }
}
