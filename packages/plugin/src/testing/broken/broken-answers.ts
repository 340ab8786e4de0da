import { type Grant, grant, type JoinContext } from '../../index.js'
import { type BrokenSource, broken, deciding, saying } from './broken-source.js'
import { decideTea, type TeaEvent, type TeaReturn, tea } from './tea-source.js'

/** How many times something was called: state that no decision may have. */
let calls = 0

const fail = () => {
  throw new Error('out of tea')
}
const reacting = (...reactions: readonly unknown[]) => ({
  reacts: { to: ['purchase'], with: () => reactions },
})
const explaining = (...because: readonly unknown[]) =>
  deciding((context) => ({ ...decideTea(context), because }))
const granting = (more: (granted: Grant) => object) =>
  deciding((context) => {
    const granted = decideTea(context)
    return { ...granted, ...more(granted) }
  })

/** Sources whose answers are broken, in ways that lie close together. */
export const BROKEN_ANSWERS: readonly BrokenSource[] = [
  // ── What throws is found as that, and as nothing else ─────────────────────────────────────
  saying(
    'once threw Error: out of tea',
    broken('throws when it names', ['never-throws'], { once: fail }),
  ),
  saying('asks threw', broken('throws when it asks', ['never-throws'], { asks: fail })),
  saying(
    'leadsTo threw',
    broken('throws when it leads on', ['never-throws'], {
      asks: () => ({ line: 'friend' }),
      leadsTo: fail,
    }),
  ),
  saying('items threw', broken('throws over its items', ['never-throws'], { items: fail })),
  saying('tasks threw', broken('throws over its tasks', ['never-throws'], { tasks: fail })),
  saying(
    'reacts threw',
    broken('throws when it follows', ['never-throws'], {
      reacts: { to: ['purchase'], with: fail },
    }),
  ),
  saying(
    'returns.key threw',
    broken('throws when it names a return', ['never-throws'], {
      returns: { ...tea.returns, key: fail },
    }),
  ),
  saying(
    'returns.without threw',
    broken('throws when something comes back', ['never-throws'], {
      returns: { ...tea.returns, without: fail },
    }),
  ),

  // ── Grants ────────────────────────────────────────────────────────────────────────────────
  saying(
    'of 400 events none earned anything: say in `arbitraries`',
    broken(
      'grants none to anybody',
      ['some-event-earns'],
      deciding(({ event: { at } }) => grant({ points: 0, because: [], at })),
    ),
  ),
  broken(
    'explains with a text',
    ['steps-sum-to-points'],
    granting(() => ({ because: 'tea' })),
  ),
  broken('explains with nothing', ['steps-sum-to-points'], explaining(null)),
  saying(
    'because.0 has no word for its step',
    broken('explains with a number', ['steps-sum-to-points'], explaining({ step: 1, points: 1 })),
  ),

  // ── Names ─────────────────────────────────────────────────────────────────────────────────
  saying(
    'its members are not a list of at most 20',
    broken('asks for too much where the event is large', ['asks-for-what-can-be-read'], {
      asks: ({ event }: { event: TeaEvent }) => ({
        members: Array.from({ length: event.cups > 20 ? 21 : 0 }, (_, n) => `m-${n}`),
      }),
    }),
  ),
  saying(
    /^returns\.key answered .*, and then/,
    broken(
      'calls a return otherwise each time',
      ['same-input-same-answer', 'return-key-is-stable'],
      {
        returns: {
          ...tea.returns,
          key: () => {
            calls += 1
            return `${calls}`
          },
        },
      },
    ),
  ),
  broken(
    'names a return two times of three',
    ['never-throws', 'input-is-not-changed', 'return-key-is-stable'],
    {
      returns: {
        ...tea.returns,
        key: ({ id }: TeaReturn) => {
          calls += 1
          return calls % 3 === 0 ? fail() : id
        },
      },
    },
  ),

  // ── Memories ──────────────────────────────────────────────────────────────────────────────
  saying(
    /^its memory does not fit its own schema at cups: /,
    broken(
      'remembers too many',
      ['memory-fits-its-schema'],
      granting(() => ({ memory: { cups: -1 } })),
    ),
  ),
  saying(
    /^its memory does not fit its own schema at the top: /,
    broken(
      'remembers a list',
      ['memory-fits-its-schema'],
      granting(() => ({ memory: [] })),
    ),
  ),
  saying(
    'its memory.at: a Date is not JSON',
    broken(
      'remembers what is not JSON',
      ['memory-fits-its-schema'],
      granting(() => ({ memory: { cups: 1, at: new Date(0) } })),
    ),
  ),
  saying(
    /^its memory is \d+ characters of JSON, more than 8192$/,
    broken(
      'remembers too much',
      ['memory-fits-its-schema'],
      granting(() => ({ memory: { cups: 1, all: 'x'.repeat(10_000) } })),
    ),
  ),

  saying(
    /^its memory does not fit its own schema at cups: /,
    broken('joins two that differ to what it cannot read', ['join-fits-the-memory'], {
      join: ({ from, into }: JoinContext<{ readonly cups: number }>) => ({
        cups: from.memory.cups === into.memory.cups ? into.memory.cups : -1,
      }),
    }),
  ),

  // ── Reactions ─────────────────────────────────────────────────────────────────────────────
  saying(
    'reaction 0 is neither something to earn nor something to cancel',
    broken('reacts with nothing', ['reactions-are-well-formed'], reacting({})),
  ),
]
