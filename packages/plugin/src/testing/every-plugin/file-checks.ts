import fc from 'fast-check'
import type { FileAnswer, PluginFile } from '../../contract/plugin-file.js'
import { PluginFault } from '../../isolation/plugin-fault.js'
import { runRead, runTake } from '../../isolation/run-file.js'
import { CannotMake } from '../arbitrary/cannot-make.js'
import { schemaArbitrary } from '../arbitrary/schema-arbitrary.js'
import { findCaseOf } from '../run/find-case.js'
import type { Check, Found } from '../run/finding.js'
import type { Session } from '../run/session.js'
import { type MemoryStore, openMemoryStore } from '../store/open-memory-store.js'
import { findOtherwise } from './find-otherwise.js'

/** Each needs databases of its own. */
const MOST_RUNS = 15
/** So few at a time, that a file is read in pages. */
const PAGE = 2

type Line = Readonly<Record<string, unknown>>

/** What holds for files that a plugin takes lines from (O3). */
export const fileChecks: readonly Check<Session>[] = [
  {
    name: 'files-come-out-as-they-went-in',
    means: {
      en: 'lines of its files go in once, all come out again, and make the same in an empty system',
      zh: '其文件的行只导入一次，可全部导出，并可在空系统中重现',
    },
    async find(session) {
      for (const file of session.plugin.files ?? []) {
        const found = await overLines(session, file)
        if (found) return found
      }
      return undefined
    },
  },
]

async function overLines(session: Session, file: PluginFile): Promise<Found> {
  const { arbitraries } = session.options
  const path = `file.${file.name}`
  try {
    const line = schemaArbitrary(file.line, { path, ...(arbitraries && { arbitraries }) })
    // Stryker disable next-line ObjectLiteral: how many lines is a matter of time, and of none there is nothing to see
    const lines = fc.array(line, { minLength: 1, maxLength: 6 })
    let taken = 0
    const found = await findCaseOf(
      // Stryker disable next-line MethodExpression: how often is a matter of time
      { ...session, runs: Math.min(session.runs, MOST_RUNS) },
      lines,
      async (some) => {
        const result = await goThrough(session, { file, lines: readAll(file, some) })
        if (typeof result === 'string') return `files.${file.name}: ${result}`
        taken += result
        return undefined
      },
    )
    if (found || taken > 0) return found
    return { fault: `files.${file.name}: it takes no line at all` }
  } catch (error) {
    // Stryker disable next-line ConditionalExpression: only a fault of the kit itself is anything else
    if (error instanceof CannotMake) return { fault: error.message.replace(/\.$/, '') }
    throw error
  }
}

/** As the schema makes them, each name once. */
function readAll(file: PluginFile, lines: readonly unknown[]): readonly Line[] {
  const byName = new Map<string, Line>()
  for (const it of lines) {
    const { data } = file.line.safeParse(it)
    if (data) byName.set(file.key(data), data)
  }
  return [...byName.values()]
}

/** What is wrong; else how many lines went in. */
async function goThrough(
  session: Session,
  { file, lines }: { file: PluginFile; lines: readonly Line[] },
): Promise<string | number> {
  const [one, other] = [
    await openMemoryStore(session.plugin),
    await openMemoryStore(session.plugin),
  ]
  const { plugin, effectDeadlineMs: timeoutMs } = session
  const options = { plugin, file, timeoutMs }
  const context = { now: 0, findOffer: async () => null }
  const takeInto = ({ store }: MemoryStore, some: readonly Line[], dryRun = false) =>
    runTake(some, { ...options, context: { ...context, store, dryRun } })
  const readFrom = async ({ store }: MemoryStore) => {
    const all: { told: Line; line: Line }[] = []
    // Stryker disable next-line OptionalChaining: a page that is not the last is not empty; for the compiler
    for (let after: Line | null = null; ; after = all.at(-1)?.line ?? null) {
      const page = await store.read((manager) =>
        runRead(manager, { ...options, after, limit: PAGE }),
      )
      all.push(...page)
      if (page.length < PAGE) return all
      // Stryker disable next-line EqualityOperator: when a file that never ends is left off makes no difference
      if (all.length > lines.length + PAGE) return all
    }
  }
  const namesOf = (some: readonly Line[]) => some.map((line) => file.key(line as never)).sort()
  const text = (some: readonly { told: Line }[]) => JSON.stringify(some.map(({ told }) => told))
  try {
    const foreseen = await takeInto(one, lines, true)
    if ((await readFrom(one)).length > 0) return 'it writes in a dry run'
    const answers = await takeInto(one, lines)
    if (codesOf(foreseen) !== codesOf(answers)) return 'a dry run says otherwise'
    const went = lines.filter((_, place) => answers[place] === 'taken')
    const first = await readFrom(one)
    const read = first.map(({ line }) => line)
    if (JSON.stringify(namesOf(read)) !== JSON.stringify(namesOf(went))) {
      return 'other lines come out than went in'
    }
    const changed = findChanged(file, { went, read })
    if (changed) return `its field ${changed} comes out otherwise than it went in`
    const again = await takeInto(one, went)
    if (again.some((it) => it !== 'there')) return 'a line that is there goes in again'
    if (text(await readFrom(one)) !== text(first))
      return 'lines that come again change what is there'
    const moved = await takeInto(other, read)
    if (moved.some((it) => it !== 'taken')) return 'it does not take what it reads out'
    if (text(await readFrom(other)) !== text(first)) {
      return 'what it reads out makes something else in an empty system'
    }
    return went.length
  } catch (error) {
    // Stryker disable next-line ConditionalExpression: only a fault of the kit itself is anything else
    if (error instanceof PluginFault) return error.message.replace(/\.$/, '')
    throw error
    // Stryker disable next-line BlockStatement: nobody notices a database in memory that is left open
  } finally {
    await one.close()
    await other.close()
  }
}

/** A field that is not what a line said, by its path. What comes out and goes in again would tell of none that
 * is changed alike each time. */
function findChanged(
  file: PluginFile,
  { went, read }: { readonly went: readonly Line[]; readonly read: readonly Line[] },
): string | undefined {
  const byName = new Map(read.map((line) => [file.key(line as never), line]))
  for (const line of went) {
    const changed = findOtherwise(line, byName.get(file.key(line as never)))
    if (changed !== undefined) return changed.join('.')
  }
  return undefined
}

function codesOf(answers: readonly FileAnswer[]): string {
  return JSON.stringify(answers.map((it) => (typeof it === 'string' ? it : it.code)))
}
