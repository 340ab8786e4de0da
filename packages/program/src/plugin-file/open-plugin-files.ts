import { isRefusal, type Refusal, refuse } from '@pointwell/ledger'
import {
  FILE_PAGE,
  type FileAnswer,
  type OfferFacts,
  type Plugin,
  type PluginFile,
  type PluginStore,
  type PluginWatch,
  runRead,
  runTake,
} from '@pointwell/plugin'
import type { EntityManager } from 'typeorm'
import { z } from 'zod'
import { type Parsed, parseInput } from '../input/parse-input.js'
import type { Brought } from '../opening/open-openings.js'

export type FileLine = Readonly<Record<string, unknown>>

/** What is in a column of such a file: text as it stands, or JSON (numbers among it). */
export type FileColumn = 'text' | 'json'

/** A file of lines that a plugin takes (O3). */
export interface LineFile {
  /** What operators call it: the plugin's id and the plugin's own name for it, `goods-codes`. */
  readonly name: string
  readonly columns: Readonly<Record<string, FileColumn>>
  /** Without these no line says anything. */
  readonly needed: readonly string[]
  /** Checks a line by itself: INVALID_INPUT. */
  read(line: unknown): Parsed<FileLine> | Refusal
  /** Of lines that `read` made. */
  nameOf(line: FileLine): string
  /** What `take` would refuse now; writes nothing. */
  check(lines: readonly FileLine[]): Promise<(Refusal | null)[]>
  /** Puts lines in, each once, at most 500. Refuses IDEMPOTENCY_MISMATCH and what the plugin does. Throws
   * `PluginFault`. */
  take(lines: readonly FileLine[]): Promise<(Brought | Refusal)[]>
  /** All lines there are, some at a time, as `manager` sees them. Throws `PluginFault`. */
  pages(manager: EntityManager): AsyncIterable<readonly FileLine[]>
}

/** Files of all plugins, by what operators call them. */
export type PluginFiles = ReadonlyMap<string, LineFile>

export function openPluginFiles({
  plugins,
  ...tools
}: FileTools & { readonly plugins: readonly Plugin[] }): PluginFiles {
  const files = plugins.flatMap((plugin) =>
    (plugin.files ?? []).map((file) => openLineFile(plugin, file, tools)),
  )
  return new Map(files.map((file) => [file.name, file]))
}

interface FileTools {
  readonly store: PluginStore
  readonly clock: () => number
  readonly findOffer: (channel: string, id: string) => Promise<OfferFacts | null>
  readonly watch?: PluginWatch | undefined
}

function openLineFile(
  plugin: Plugin,
  file: PluginFile,
  { store, clock, findOffer, watch }: FileTools,
): LineFile {
  const asked = { plugin, file, watch }
  const take = (lines: readonly FileLine[], dryRun: boolean) =>
    runTake(lines, {
      ...asked,
      context: {
        store,
        now: clock(),
        dryRun,
        findOffer: (id) => findOffer(plugin.id, id),
      },
    })
  const columns = columnsOf(file)
  return {
    name: `${plugin.id}-${file.name}`,
    columns,
    needed: Object.keys(columns).filter(
      (name) => !file.line.shape[name]?.safeParse(undefined).success,
    ),
    read: (line) => parseInput(file.line, line) as Parsed<FileLine> | Refusal,
    nameOf: (line) => file.key(line as never),
    async check(lines) {
      return (await take(lines, true)).map((answer) => {
        const made = broughtOf(answer)
        return isRefusal(made) ? made : null
      })
    },
    async take(lines) {
      return (await take(lines, false)).map(broughtOf)
    },
    async *pages(manager) {
      for (let after: FileLine | null = null; ; ) {
        const page: Awaited<ReturnType<typeof runRead>> = await runRead(manager, {
          ...asked,
          after,
          limit: FILE_PAGE,
        })
        if (page.length > 0) yield page.map(({ told }) => withoutNull(told))
        if (page.length < FILE_PAGE) return
        after = page.at(-1)!.line
      }
    },
  }
}

function broughtOf(answer: FileAnswer): Brought | Refusal {
  if (answer === 'differs') {
    return refuse('IDEMPOTENCY_MISMATCH', { detail: 'Another is here under the same name.' })
  }
  return isRefusal(answer) ? answer : { isNew: answer === 'taken' }
}

/** In CSV an empty cell is a field that is not there; so is null in both. */
function withoutNull(line: FileLine): FileLine {
  return Object.fromEntries(
    Object.entries(line).filter(([, value]) => value !== null && value !== undefined),
  )
}

/** Text where a field can be text, else JSON. */
function columnsOf({ line }: PluginFile): Record<string, FileColumn> {
  const { properties = {} } = z.toJSONSchema(line, { io: 'input', unrepresentable: 'any' })
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, isText(schema) ? 'text' : 'json']),
  )
}

function isText(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false
  const { type, anyOf, enum: values, const: only } = schema as Record<string, unknown>
  if (Array.isArray(anyOf)) return anyOf.some(isText)
  if (Array.isArray(values)) return values.every((it) => typeof it === 'string')
  return type === 'string' || typeof only === 'string'
}
