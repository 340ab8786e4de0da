import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exportHoldings, exportPaths, importOpenings } from '@pointwell/server'
import { QUIET_PROGRESS } from './quiet-progress.js'
import type { TestProgram } from './test-program.js'

type Kind = 'members' | 'balances' | 'orders'

/** Writes what is held to files of these kinds, in a folder that is not there yet. */
export async function exportTo(
  { database, program, time }: TestProgram,
  {
    folder,
    kinds,
    format,
  }: {
    readonly folder: string
    readonly kinds: readonly Kind[]
    readonly format: 'ndjson' | 'csv'
  },
) {
  const paths = exportPaths(folder, format)
  const clock = () => time.now
  const source = { database, policies: program.policies, clock, progress: QUIET_PROGRESS }
  const wanted = Object.fromEntries(kinds.map((kind) => [kind, paths[kind]]))
  const { files, at } = await exportHoldings(source, wanted)
  const texts = await Promise.all(kinds.map((kind) => readFile(paths[kind].path, 'utf8')))
  return { kinds, paths, files, at, texts }
}

/** Brings in what `exportTo` wrote. `folder`: of its state and report. */
export async function importFrom(
  { program }: TestProgram,
  { kinds, paths, files, at: countedUntil }: Awaited<ReturnType<typeof exportTo>>,
  { folder, ...more }: { readonly folder: string; readonly dryRun?: boolean },
) {
  return importOpenings({
    program,
    files: kinds.map((kind) => ({ kind, ...paths[kind], sha256: files[kind]!.sha256 })),
    terms: {
      pendingUntil: null,
      releaseHeld: false,
      ordersCome: kinds.includes('orders'),
      countedUntil,
    },
    dryRun: false,
    skipBad: false,
    resume: false,
    folder,
    reportPath: join(folder, 'report.csv'),
    reason: null,
    progress: QUIET_PROGRESS,
    ...more,
  })
}
