import { createHash } from 'node:crypto'

/**
 * Which texts were seen, and in which line first: 16 bytes of each instead of the text, so that a file of
 * any length fits. Two texts of millions share 85 bits of SHA-256 about never.
 */
export class SeenIds {
  private hashes = new Float64Array(1 << 10)
  private checks = new Uint32Array(1 << 10)
  private lines = new Uint32Array(1 << 10)
  private count = 0

  /** The line in which the text was seen before; undefined: it is new, and seen from now on. */
  add(text: string, line: number): number | undefined {
    if (this.count * 2 >= this.hashes.length) this.grow()
    const [hash, check] = digestOf(text)
    const place = this.placeOf(hash, check)
    if (this.hashes[place] !== 0) return this.lines[place]
    this.put(place, hash, check, line)
    this.count++
    return undefined
  }

  has(text: string): boolean {
    return this.lineOf(text) !== undefined
  }

  /** The line in which it was seen first; undefined: it was not. */
  lineOf(text: string): number | undefined {
    const [hash, check] = digestOf(text)
    const place = this.placeOf(hash, check)
    return this.hashes[place] === 0 ? undefined : this.lines[place]
  }

  private placeOf(hash: number, check: number): number {
    const mask = this.hashes.length - 1
    for (let place = hash % this.hashes.length; ; place = (place + 1) & mask) {
      const found = this.hashes[place]
      if (found === 0 || (found === hash && this.checks[place] === check)) return place
    }
  }

  private put(place: number, hash: number, check: number, line: number): void {
    this.hashes[place] = hash
    this.checks[place] = check
    this.lines[place] = line
  }

  private grow(): void {
    const { hashes, checks, lines } = this
    this.hashes = new Float64Array(hashes.length * 2)
    this.checks = new Uint32Array(hashes.length * 2)
    this.lines = new Uint32Array(hashes.length * 2)
    for (const [place, hash] of hashes.entries()) {
      if (hash === 0) continue
      const check = checks[place]!
      this.put(this.placeOf(hash, check), hash, check, lines[place]!)
    }
  }
}

/** 53 bits that are never zero, and 32 more. */
function digestOf(text: string): [number, number] {
  const bytes = createHash('sha256').update(text).digest()
  const hash = (bytes.readUInt32BE(0) & 0x1fffff) * 0x1_0000_0000 + bytes.readUInt32BE(4)
  return [hash || 1, bytes.readUInt32BE(8)]
}
