import { readFileSync } from 'node:fs'

interface Manifest {
  readonly version: string
  readonly devDependencies: Readonly<Record<string, string>>
}

/**
 * This package's own manifest. Its development dependencies are what a generated package depends on: as
 * published they are the versions that this release was built with, in the repository they say `catalog:`.
 */
export function readOwnManifest(): Manifest {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
}
