import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import {
  type EarnSource,
  identifier,
  instant,
  type JoinContext,
  localDate,
  refuse,
  step,
  wholeNumber,
} from '../../index.js'
import { BROKEN_ANSWERS } from './broken-answers.js'
import { BROKEN_PARTS } from './broken-parts.js'
import { BROKEN_RETURNS } from './broken-returns.js'
import { type BrokenSource, broken, deciding, saying } from './broken-source.js'
import { CupsResolver, SecondTeaResolver, TeaResolver } from './tea-resolvers.js'
import {
  decideTea,
  pointsOf,
  type TeaContext,
  type TeaEvent,
  tea,
  teaEvent,
  teaMemory,
  teaSettings,
  words,
} from './tea-source.js'
import {
  CreateCups1767225600003,
  CreateHalfTicket1767225600004,
  CreateTeaTicket1767225600001,
  Cups,
  KeepTeaTicket1767225600005,
  TeaTicket,
} from './tea-tables.js'

const dailyMemory = z.object({
  cups: wholeNumber({ min: 0, max: 10 }).default(0),
  day: localDate().nullable().default(null),
})
type Daily = z.output<typeof dailyMemory>

/** How many times something was called: state that no decision may have. */
let calls = 0
let lastMember = 'nobody'

export const BROKEN_SOURCES: readonly BrokenSource[] = [
  // ── Shape ─────────────────────────────────────────────────────────────────────────────────
  broken('has no version', ['has-the-shape-of-its-kind'], { version: 'one' }),
  saying(
    'its word tea does not say something in every language (en, zh)',
    broken('has no Chinese words', ['has-words-in-both-languages'], {
      words: { tea: { en: 'Tea', zh: '' } },
    }),
  ),
  saying(
    'its title does not say',
    broken('has a title in one language', ['has-words-in-both-languages'], {
      title: { en: 'Tea' },
    }),
  ),
  broken('is of another contract', ['fits-the-contract'], { contract: '^2.0.0' }),
  broken('has settings without a default', ['settings-have-defaults'], {
    settings: z.strictObject({ points: teaSettings.shape.points.unwrap() }),
  }),
  saying(
    'its refusal code INVALID_INPUT is the programme’s already',
    broken('declares a refusal that all have', ['declares-no-common-refusal'], {
      refusals: { ...tea.refusals, INVALID_INPUT: words },
    }),
  ),

  // ── Input ─────────────────────────────────────────────────────────────────────────────────
  broken('takes nothing at all', ['inputs-can-be-made'], {
    event: teaEvent.refine(() => false),
  }),
  broken('throws at input that is no text', ['bad-input-is-refused'], {
    event: teaEvent.extend({
      note: z.preprocess((it) => (it as string).trim(), z.enum(['', 'hot'])).default(''),
    }),
  }),
  broken('takes broken texts', ['broken-text-is-refused'], {
    event: teaEvent.extend({ note: z.string().max(50).optional() }),
  }),
  broken('makes something else than JSON', ['schemas-make-json'], {
    event: teaEvent.extend({ at: z.iso.datetime().transform((it) => new Date(it)) }),
    ...deciding((context) => ({ ...decideTea(context), at: 0 })),
    returns: undefined,
  }),
  saying(
    /^event(\.cups)? does not take its own output$/,
    broken('does not take its own output', ['schemas-take-their-own-output'], {
      event: teaEvent.extend({ cups: z.enum(['1', '2']).transform(Number) }),
    }),
  ),

  // ── GraphQL and tables ────────────────────────────────────────────────────────────────────
  saying(
    /^its field Query.teaCups \(/,
    broken('has a field twice', ['graphql-can-be-built'], {
      resolvers: [TeaResolver, SecondTeaResolver],
    }),
  ),
  saying(
    'cups does not say that it is of tea',
    broken('has a field that may be anybody’s', ['graphql-says-whose-it-is'], {
      resolvers: [CupsResolver],
    }),
  ),
  broken('has a table that may be anybody’s', ['tables-begin-with-its-id'], {
    entities: [Cups],
    migrations: [CreateCups1767225600003],
  }),
  saying(
    'none of its migrations makes its table tea_ticket',
    broken('has no migration', ['migrations-make-its-tables'], { entities: [TeaTicket] }),
  ),
  saying(
    'none of its migrations makes tea_ticket.state',
    broken('has a migration that forgets a column', ['migrations-make-its-tables'], {
      entities: [TeaTicket],
      migrations: [CreateHalfTicket1767225600004],
    }),
  ),
  saying(
    'its migrations make the table tea_ticket, which no entity it declares has',
    broken('does not declare its entity', ['entities-are-declared'], {
      migrations: [CreateTeaTicket1767225600001],
    }),
  ),
  saying(
    'undone, its migrations leave the table tea_ticket behind',
    broken('has a migration that cannot be undone', ['migrations-can-be-undone'], {
      entities: [TeaTicket],
      migrations: [KeepTeaTicket1767225600005],
    }),
  ),
  saying(
    /^The plugin "tea" is at fault in erased: .*erased already$/,
    broken('erases a member once only', ['member-changes-can-be-repeated'], {
      members: {
        merged: async () => {},
        erased: async () => {
          calls += 1
          if (calls % 2 === 0) throw new Error('erased already')
        },
      },
    }),
  ),

  // ── Pure functions ────────────────────────────────────────────────────────────────────────
  broken(
    'throws',
    ['never-throws'],
    deciding((context) => {
      if (context.event.cups > 50) throw new Error('too much tea')
      return decideTea(context)
    }),
  ),
  saying(
    'join threw Error: two is too many',
    broken('throws when it joins', ['never-throws'], {
      join: () => {
        throw new Error('two is too many')
      },
    }),
  ),
  saying(
    'decide was not back after 50 ms, and was broken off',
    broken(
      'never ends',
      ['comes-back-in-time'],
      deciding((context) => {
        while (context.event.cups > 50);
        return decideTea(context)
      }),
      { deadlineMs: 50 },
    ),
  ),
  broken(
    'looks at the clock',
    ['is-pure'],
    deciding((context) => (Date.now() < 0 ? refuse('TEA_NOT_BOUGHT') : decideTea(context))),
  ),
  broken(
    'asks what day it is',
    ['is-pure'],
    deciding((context) =>
      new Date().getFullYear() < 0 ? refuse('TEA_NOT_BOUGHT') : decideTea(context),
    ),
  ),
  saying(
    'decide touched Math.random',
    broken(
      'throws dice',
      ['is-pure'],
      deciding((context) => (Math.random() > 2 ? refuse('TEA_NOT_BOUGHT') : decideTea(context))),
    ),
  ),
  broken(
    'throws other dice',
    ['is-pure'],
    deciding((context) =>
      randomBytes(1).length > 2 ? refuse('TEA_NOT_BOUGHT') : decideTea(context),
    ),
  ),
  broken(
    'reads a file',
    ['is-pure'],
    deciding((context) =>
      readFileSync(new URL(import.meta.url)).length < 0
        ? refuse('TEA_NOT_BOUGHT')
        : decideTea(context),
    ),
  ),
  broken(
    'asks the network',
    ['is-pure'],
    deciding((context) => {
      void fetch('http://localhost/tea')
      return decideTea(context)
    }),
  ),
  broken(
    'goes on later',
    ['is-pure'],
    deciding((context) => {
      setTimeout(() => {}, 0)
      return decideTea(context)
    }),
  ),
  saying(
    /^decide answered \{.*"calls":\d+\}.*\}, and then \{/,
    broken(
      'counts how often it was asked',
      ['same-input-same-answer'],
      deciding((context) => {
        calls += 1
        return { ...decideTea(context), details: { calls } }
      }),
    ),
  ),
  saying(
    'decide changed what it was given',
    broken(
      'changes the event',
      ['input-is-not-changed'],
      deciding((context) => {
        const decided = decideTea(context)
        Object.assign(context.event, { cups: 0 })
        return decided
      }),
    ),
  ),
  saying(
    /^decide tried to change what it was given: /,
    broken(
      'writes what is there already',
      ['input-is-not-changed'],
      deciding((context) => {
        Object.assign(context.memory, { cups: context.memory.cups })
        return decideTea(context)
      }),
    ),
  ),

  // ── Grants ────────────────────────────────────────────────────────────────────────────────
  saying(
    'of 400 events none earned anything, refused were TEA_NOT_BOUGHT (400): say in `arbitraries`',
    broken('grants nothing to anybody', ['some-event-earns'], {
      ...deciding(() => refuse('TEA_NOT_BOUGHT')),
    }),
  ),
  broken(
    'grants fewer than none',
    ['points-are-whole'],
    deciding((context) =>
      context.event.cups > 3
        ? { ...decideTea(context), points: -1, because: [step('tea', -1)] }
        : decideTea(context),
    ),
    { arbitraries: {} },
  ),
  broken(
    'grants halves',
    ['points-are-whole'],
    deciding((context) => {
      const half = pointsOf(context) + 0.5
      return { ...decideTea(context), points: half, because: [step('tea', `${half}`)] }
    }),
  ),
  broken(
    'has steps that do not sum up',
    ['steps-sum-to-points'],
    deciding((context) => ({ ...decideTea(context), because: [step('tea', 1)] })),
  ),
  broken('has no words for its step', ['steps-have-words'], { words: {} }),
  broken(
    'grants at no time',
    ['grant-is-well-formed'],
    deciding((context) => ({ ...decideTea(context), at: Number.NaN })),
  ),
  broken(
    'has a behaviour that it does not name',
    ['grant-is-well-formed'],
    deciding((context) => ({ ...decideTea(context), behaviour: 'spill' })),
  ),
  broken(
    'answers later',
    ['grant-is-well-formed'],
    deciding(async (context) => decideTea(context)),
  ),
  broken(
    'refuses with a code that it does not declare',
    ['refusals-are-declared'],
    deciding((context) => (context.event.cups > 50 ? refuse('TEA_COLD') : decideTea(context))),
  ),
  broken(
    'refuses with figures that are none',
    ['refusals-are-well-formed'],
    deciding((context) =>
      context.event.cups > 50 ? refuse('TEA_NOT_BOUGHT', { available: 0.5 }) : decideTea(context),
    ),
  ),

  // ── Names and memories ────────────────────────────────────────────────────────────────────
  saying(
    'its key is not a text of 1 to 128 characters',
    broken('calls every act by nothing', ['once-is-stable'], { once: () => '' }),
  ),
  broken('calls an act otherwise each time', ['same-input-same-answer', 'once-is-stable'], {
    once: ({ event }: { event: TeaEvent }) => {
      calls += 1
      return `${event.order}:${calls}`.slice(-128)
    },
  }),
  broken('asks for too much', ['asks-for-what-can-be-read'], {
    asks: () => ({ members: Array.from({ length: 21 }, (_, n) => `m-${n}`) }),
  }),
  saying(
    'it leads to what is no member’s id',
    broken('leads to nobody and to somebody', ['asks-for-what-can-be-read'], {
      asks: () => ({ line: 'friend' }),
      leadsTo: () => undefined,
    }),
  ),
  saying(
    'its key is not a text of 1 to 128 characters',
    broken('calls every return by nothing', ['return-key-is-stable'], {
      returns: { ...tea.returns, key: () => '' },
    }),
  ),
  broken(
    'remembers what it cannot read',
    ['memory-fits-its-schema'],
    deciding((context) => ({ ...decideTea(context), memory: { cups: 'many' } })),
  ),
  broken(
    'remembers what is read otherwise',
    ['memory-fits-its-schema'],
    deciding((context) => ({ ...decideTea(context), memory: { cups: 1, pots: 1 } })),
  ),
  broken('joins to what it cannot read', ['join-fits-the-memory'], { join: () => ({ cups: -1 }) }),
  broken(
    'joins the same day past what it can read',
    ['join-fits-the-memory'],
    {
      memory: dailyMemory,
      ...deciding((context) => ({ ...decideTea(context), memory: context.memory })),
      join: ({ from, into }: JoinContext<unknown>) => {
        const [one, other] = [from.memory, into.memory] as [Daily, Daily]
        // Neither two that agree in nothing, nor one with itself.
        const isSame = one.day !== null && one.day === other.day && one.cups !== other.cups
        return isSame ? { ...other, cups: one.cups + other.cups } : other
      },
    },
    { runs: 150 },
  ),

  // ── Tasks, reactions, other members ───────────────────────────────────────────────────────
  broken('has a task in one language', ['tasks-are-well-formed'], {
    tasks: () => [{ id: 'drink', title: { en: 'Drink' }, points: 1, done: false, beginner: false }],
  }),
  broken('reacts with what it does not take', ['reactions-are-well-formed'], {
    reacts: {
      to: ['purchase'],
      with: () => [{ earn: { memberId: 'm-1', event: { order: 'a' } } }],
    },
  }),
  broken('tells who another member is', ['tells-nothing-of-other-members'], {
    asks: () => ({ members: ['friend'] }),
    ...deciding((context) => ({
      ...decideTea(context),
      details: { friend: context.others[0]?.identities ?? null },
    })),
  }),
  broken(
    'tells who was there before',
    ['same-input-same-answer', 'tells-nothing-of-other-members'],
    deciding((context) => {
      const before = lastMember
      lastMember = context.member.id
      return { ...decideTea(context), details: { before } }
    }),
  ),

  // ── Files ─────────────────────────────────────────────────────────────────────────────────
  broken('takes lines and keeps none', ['files-come-out-as-they-went-in'], {
    files: [
      {
        name: 'leaves',
        line: z.strictObject({ leaf: identifier() }),
        key: ({ leaf }: { leaf: string }) => leaf,
        take: (lines: readonly unknown[]) => lines.map(() => 'taken'),
        read: () => [],
      },
    ],
  }),
  ...BROKEN_PARTS,
  ...BROKEN_ANSWERS,
  ...BROKEN_RETURNS,
]

/** Sound, though it looks otherwise: it remembers nothing, has no returns, knows no tasks. */
export const BARE_SOURCE = {
  ...tea,
  memory: z.object({}),
  event: z.object({ order: teaEvent.shape.order, at: instant(), cups: teaEvent.shape.cups }),
  join: undefined,
  items: undefined,
  behaviours: undefined,
  returns: undefined,
  reacts: undefined,
  tasks: undefined,
  decide: (context: TeaContext) => ({
    ...decideTea({ ...context, memory: teaMemory.parse({}) }),
    memory: undefined,
  }),
} as unknown as EarnSource
