import { fingerprint } from '../opening/fingerprints.js'
import type { PolicyRow } from './policy-rows.js'

/** A version's document as it was written, and what it goes by in files (O3). */
export interface ToldPolicy {
  /** Of equal documents the same. */
  readonly id: string
  readonly document: unknown
}

export interface PolicyNames {
  add(row: Pick<PolicyRow, 'version' | 'document'>): void
  of(version: number): ToldPolicy | undefined
  /** The first version that has the very document. */
  find(id: string): number | undefined
}

/** What policies go by in files. Worked out when a file asks: a server that neither exports nor imports has no
 * use for it, and starts with every version there ever was. */
export function openPolicyNames(): PolicyNames {
  const unnamed: Pick<PolicyRow, 'version' | 'document'>[] = []
  const told = new Map<number, ToldPolicy>()
  const byId = new Map<string, number>()

  const nameAll = () => {
    for (const { version, document } of unnamed.splice(0)) {
      const id = fingerprint(document)
      told.set(version, { id, document })
      if (!byId.has(id)) byId.set(id, version)
    }
  }

  return {
    add: (row) => void unnamed.push(row),
    of(version) {
      nameAll()
      return told.get(version)
    },
    find(id) {
      nameAll()
      return byId.get(id)
    },
  }
}
