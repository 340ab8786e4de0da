import type { EntityManager } from 'typeorm'
import type { FileAnswer, FileContext, PluginFile } from '../contract/plugin-file.js'
import type { Words } from '../contract/words.js'
import { readBySchema } from '../schema/read-by-schema.js'
import { callInTime } from './call-in-time.js'
import { failPlugin } from './fail-plugin.js'
import { findRefusalFault } from './find-refusal-fault.js'
import type { PluginWatch } from './plugin-watch.js'

export interface FileOptions {
  readonly plugin: { readonly id: string; readonly refusals?: Readonly<Record<string, Words>> }
  readonly file: PluginFile
  /** How long a call may take; milliseconds, 60,000 unless told. */
  readonly timeoutMs?: number
  readonly watch?: PluginWatch | undefined
}

type Line = Readonly<Record<string, unknown>>

/** Has a plugin take lines of a file (O3): an answer each. Throws `PluginFault` where it throws, is not back
 * in time, or answers with anything else. */
export async function runTake(
  lines: readonly Line[],
  { context, ...options }: FileOptions & { readonly context: FileContext },
): Promise<readonly FileAnswer[]> {
  const operation = `files.${options.file.name}.take`
  const answers: unknown = await call(operation, options, () =>
    options.file.take(lines as never, context),
  )
  if (!Array.isArray(answers) || answers.length !== lines.length) {
    throw nonsense(operation, options, 'it does not answer each line')
  }
  for (const answer of answers as unknown[]) {
    const fault = findFault(options.plugin, answer)
    if (fault) throw nonsense(operation, options, fault)
  }
  return answers
}

/** Has a plugin read out lines of a file, at most `limit`, each as its own schema takes it. Throws
 * `PluginFault`. */
export async function runRead(
  manager: EntityManager,
  {
    after,
    limit,
    ...options
  }: FileOptions & { readonly after: Line | null; readonly limit: number },
): Promise<readonly { readonly told: Line; readonly line: Line }[]> {
  const { file } = options
  const operation = `files.${file.name}.read`
  const told: unknown = await call(operation, options, () =>
    file.read(manager, { after: after as never, limit }),
  )
  if (!Array.isArray(told) || told.length > limit) {
    throw nonsense(operation, options, `its answer is no list of at most ${limit} lines`)
  }
  return told.map((it) => {
    const parsed = readBySchema(file.line, it)
    if (parsed.success) return { told: it as Line, line: parsed.data }
    const path = parsed.error.issues[0]?.path.join('.') || 'a line'
    throw nonsense(operation, options, `what it reads its own schema does not take: ${path}`)
  })
}

function findFault(plugin: FileOptions['plugin'], answer: unknown): string | undefined {
  if (answer === 'taken' || answer === 'there' || answer === 'differs') return undefined
  const isRefusal =
    typeof answer === 'object' &&
    answer !== null &&
    (answer as { refused?: unknown }).refused === true
  if (isRefusal) return findRefusalFault(plugin, answer)
  return 'it answers a line with neither taken, there, differs nor a refusal'
}

function nonsense(operation: string, { plugin, watch }: FileOptions, fault: string) {
  return failPlugin(watch, { plugin: plugin.id, operation, reason: 'nonsense', fault })
}

function call<T>(
  operation: string,
  { plugin, timeoutMs, watch }: FileOptions,
  run: () => Promise<T> | T,
): Promise<T> {
  const how = { ...(timeoutMs !== undefined && { timeoutMs }), ...(watch && { watch }) }
  return callInTime(plugin, operation, how, run)
}
