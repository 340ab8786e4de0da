import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What `--cpu-prof` writes, as far as it is read here. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: {
      readonly functionName: string
      readonly url: string
      readonly lineNumber: number
    }
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

const MOST = 25

/** Where the profiled processes spent their time themselves, a list a profile. */
export async function printHotspots(folder: string): Promise<string> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.cpuprofile')).sort()
  const lists = await Promise.all(
    files.map(async (name) => {
      const profile = JSON.parse(await readFile(join(folder, name), 'utf8')) as CpuProfile
      return `\n${name}: share of the time that it worked, without what was called\n${listOf(profile)}\n`
    }),
  )
  return lists.join('')
}

function listOf({ nodes, samples, timeDeltas }: CpuProfile): string {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]))
  const times = new Map<string, number>()
  let busy = 0
  samples.forEach((id, place) => {
    const name = names.get(id) ?? '?'
    if (name === '(idle)' || name === '(root)') return
    const time = timeDeltas[place] ?? 0
    busy += time
    times.set(name, (times.get(name) ?? 0) + time)
  })
  return [...times]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST)
    .map(([name, time]) => `${((time * 100) / busy).toFixed(1).padStart(5)} %  ${name}`)
    .join('\n')
}

function nameOf({
  functionName,
  url,
  lineNumber,
}: CpuProfile['nodes'][number]['callFrame']): string {
  const name = functionName === '' ? '(nameless)' : functionName
  if (url === '') return name
  const file = url
    .replace(/^.*node_modules\/(?!.*node_modules\/)/, '')
    .replace(/^.*\/(packages|plugins|apps|test)\//, '$1/')
  return `${name}  ${file}:${lineNumber + 1}`
}
