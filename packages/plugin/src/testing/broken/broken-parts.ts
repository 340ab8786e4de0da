import { z } from 'zod'
import { grant, step } from '../../index.js'
import { type BrokenSource, broken, deciding, saying } from './broken-source.js'
import { CupResolver, TeaCupsResolver } from './tea-resolvers.js'
import { decideTea, type TeaContext, tea, teaEvent, teaReturn } from './tea-source.js'
import { FailingMigration1767225600006, TeaTicket } from './tea-tables.js'

/** A merge as it should not be: a part that is called `__proto__` goes into what every object has. */
function mergeInto(target: Record<string, unknown>, source: object): object {
  for (const [name, part] of Object.entries(source)) {
    const isObject = typeof part === 'object' && part !== null
    target[name] = isObject ? mergeInto((target[name] ?? {}) as typeof target, part) : part
  }
  return target
}

/** As if the cups had been read as a number. */
function decideCounted(context: TeaContext) {
  return decideTea({ ...context, event: { ...context.event, cups: Number(context.event.cups) } })
}

/** Sources whose parts are broken: what can be seen without a decision. */
export const BROKEN_PARTS: readonly BrokenSource[] = [
  // ── Shape ─────────────────────────────────────────────────────────────────────────────────
  broken('has no title', ['has-the-shape-of-its-kind', 'has-words-in-both-languages'], {
    title: undefined,
  }),
  saying(
    'its refusal TEA_NOT_BOUGHT does not say something in every language (en, zh)',
    broken('has a refusal in one language', ['has-words-in-both-languages'], {
      refusals: { TEA_NOT_BOUGHT: { en: 'No tea' } },
    }),
  ),
  broken('has null for words', ['has-the-shape-of-its-kind', 'steps-have-words'], { words: null }),

  // ── Input ─────────────────────────────────────────────────────────────────────────────────
  saying(
    'event takes anything',
    broken('takes anything', ['bad-input-is-refused', 'broken-text-is-refused'], {
      event: z.unknown(),
      once: () => 'tea',
      ...deciding(() => grant({ points: 1, because: [step('tea', 1)], at: 0 })),
      items: undefined,
      returns: undefined,
    }),
  ),
  saying(
    'event changes what every object has',
    broken(
      'merges what it is sent into what it has',
      ['bad-input-is-refused'],
      {
        event: z.preprocess(
          (it) => (typeof it === 'object' && it !== null ? mergeInto({}, it) : it),
          teaEvent,
        ),
      },
      { runs: 150 },
    ),
  ),
  saying(
    'event never came back',
    broken(
      'never has done with reading',
      ['bad-input-is-refused'],
      {
        event: z.preprocess((it) => {
          while (it === true);
          return it
        }, teaEvent),
      },
      // Long enough for what does come back, also where the machine is busy.
      { deadlineMs: 500 },
    ),
  ),
  saying(
    /^event threw .*trim/,
    broken('throws at input that is no text, of any kind', ['bad-input-is-refused'], {
      event: z.preprocess((it) => {
        if (typeof it !== 'object' || it === null) return (it as string).trim()
        return it
      }, teaEvent),
    }),
  ),
  saying(
    'event makes something else of its own output',
    broken('counts on each time it reads', ['schemas-take-their-own-output'], {
      event: teaEvent.extend({
        cups: z
          .int()
          .min(1)
          .max(50)
          .transform((it) => it + 1),
      }),
    }),
  ),
  broken('makes what cannot be written down', ['schemas-make-json'], {
    event: teaEvent.extend({ cups: teaEvent.shape.cups.transform(BigInt) }),
    ...deciding(decideCounted),
    items: undefined,
    returns: undefined,
  }),
  broken(
    'takes nothing at all, and anything as a return',
    ['inputs-can-be-made', 'broken-text-is-refused'],
    {
      event: teaEvent.refine(() => false),
      returns: { ...tea.returns, schema: teaReturn.extend({ note: z.string() }) },
    },
  ),

  // ── GraphQL and tables ────────────────────────────────────────────────────────────────────
  saying(
    /^Cup does not say that it is of tea$/,
    broken('has a type that may be anybody’s', ['graphql-says-whose-it-is'], {
      resolvers: [CupResolver],
    }),
  ),
  saying(
    'teaCups does not say that it is of tea-house; houseTea does not say that it is of tea-house',
    broken('says half of whose its fields are', ['graphql-says-whose-it-is'], {
      id: 'tea-house',
      resolvers: [TeaCupsResolver],
    }),
  ),
  saying(
    /^its migrations do not run on SQLite: .*no such table/,
    broken(
      'has a migration that fails',
      ['migrations-make-its-tables', 'entities-are-declared', 'migrations-can-be-undone'],
      { entities: [TeaTicket], migrations: [FailingMigration1767225600006] },
    ),
  ),
  saying(
    /^The plugin "tea" is at fault in merged: .*merged already$/,
    broken('merges nobody who is not there', ['member-changes-can-be-repeated'], {
      members: {
        erased: async () => {},
        merged: async () => {
          throw new Error('merged already')
        },
      },
    }),
  ),
  saying(
    /^The plugin "tea" is at fault in namedBy: its answer is not a list of ids$/,
    broken('names nobody', ['member-changes-can-be-repeated'], {
      members: { erased: async () => {}, merged: async () => {}, namedBy: async () => null },
    }),
  ),
]
