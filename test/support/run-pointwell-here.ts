import { runCommandLine } from '@pointwell/server'
import { vi } from 'vitest'
import type { PointwellOptions, PointwellResult } from './run-pointwell.js'

/**
 * The command line from its sources, in this process, to its end: in a tenth of the time, most of which a
 * process of its own takes to load. What it takes of the process is lent to it and taken back: its folder,
 * its settings, its channels, its exit code. One at a time.
 */
export async function runPointwellHere(
  args: readonly string[],
  { cwd, env = {} }: PointwellOptions,
): Promise<PointwellResult> {
  const said = { stdout: '', stderr: '' }
  const here = { folder: process.cwd(), env: process.env, exitCode: process.exitCode }
  const spies = (['stdout', 'stderr'] as const).map((channel) =>
    vi.spyOn(process[channel], 'write').mockImplementation((text) => {
      said[channel] += String(text)
      return true
    }),
  )
  process.env = { PATH: here.env.PATH, TZ: here.env.TZ, ...env }
  process.exitCode = 0
  process.chdir(cwd)
  try {
    await runCommandLine(args)
    return { code: Number(process.exitCode), ...said }
  } finally {
    process.chdir(here.folder)
    process.env = here.env
    process.exitCode = here.exitCode
    for (const spy of spies) spy.mockRestore()
  }
}
