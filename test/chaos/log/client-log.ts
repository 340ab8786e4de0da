import { closeSync, openSync, writeSync } from 'node:fs'

/** What a client can want that changes something. */
export type Act =
  | 'order'
  | 'return'
  | 'cancel'
  | 'check-in'
  | 'redeem'
  | 'cancel-redemption'
  | 'use-coupon'
  | 'release-coupon'
  | 'pick-goods'
  | 'send-goods'
  | 'receive-goods'
  | 'ask-return'
  | 'accept-return'
  | 'complete-top-up'
  | 'fail-top-up'
  | 'use-revive'
  | 'settle-stake'
  | 'pay'
  | 'pay-wrong'
  | 'refund-money'
  | 'pay-with-points'
  | 'capture-payment'
  | 'release-payment'
  | 'return-payment'
  | 'answer-survey'
  | 'apply-playbook'
  | 'revert-playbook'

/** What was said of it; each act has some of these. */
export interface Answer {
  /** The line of history it made: `wallet-version`. */
  readonly transaction?: string
  readonly points?: number
  readonly redemption?: string
  readonly status?: string
  /** The code that the member got. */
  readonly code?: string
  readonly discount?: string
  /** What is to be paid in money besides. */
  readonly cash?: string
  /** What a member thinks of it, 1 to 5. */
  readonly score?: number
  readonly playbook?: string
}

export type Outcome =
  | { readonly answer: Answer }
  /** An expected no: nothing was written. */
  | { readonly refusal: string }
  /** Nobody knows what became of it: no answer, a broken one, or a fault of the server. */
  | { readonly silence: string }

/** One time that it was sent. Instants are epoch milliseconds. */
export interface Attempt {
  /** Which server, from 0. */
  readonly server: number
  /** `end`: when everything was calm again. */
  readonly phase: 'run' | 'end'
  readonly sentAt: number
  readonly endedAt: number
  readonly outcome: Outcome
}

/** Something a client wanted, however often it was sent: always under the same key. */
export interface Write {
  readonly act: Act
  /** Unique among those of its act: the order, the return within its order, the idempotency key … */
  readonly key: string
  readonly client: string
  readonly member: string
  /** The variables of the request. */
  readonly asked: Readonly<Record<string, unknown>>
  readonly attempts: Attempt[]
}

/** One message of a subscription. */
export interface Seen {
  readonly version: number
  readonly transaction: string
  readonly points: number
  readonly available: number
  readonly at: number
}

/** One who followed a wallet, over all its connections. */
export interface Following {
  readonly subscriber: string
  readonly member: string
  /** The version it first gave as its cursor. */
  readonly from: number
  readonly seen: Seen[]
  /** How often it connected. */
  connections: number
}

/** All that the clients know; what the auditor believes of them. */
export interface ClientLog {
  readonly writes: Write[]
  readonly followings: Following[]
}

/** The log while it is written: in memory, and as lines of JSON in a file. */
export interface LogBook extends ClientLog {
  begin(write: Omit<Write, 'attempts'>): Write
  attempted(write: Write, attempt: Attempt): void
  /** How many attempts had an answer so far, or a refusal. */
  answered(): number
  follow(following: Pick<Following, 'subscriber' | 'member' | 'from'>): Following
  saw(following: Following, seen: Seen): void
  /** Why its connection ended, for who reads the file. */
  lost(following: Following, why: string): void
  close(): void
}

export function openLogBook(file: string): LogBook {
  const out = openSync(file, 'a')
  const line = (content: object) => writeSync(out, `${JSON.stringify(content)}\n`)
  const writes: Write[] = []
  const followings: Following[] = []
  let answered = 0
  return {
    writes,
    followings,
    begin(wanted) {
      const write = { ...wanted, attempts: [] }
      writes.push(write)
      return write
    },
    attempted(write, attempt) {
      write.attempts.push(attempt)
      if (!('silence' in attempt.outcome)) answered += 1
      const { attempts: _, ...wanted } = write
      line({ ...wanted, ...attempt })
    },
    answered: () => answered,
    follow(who) {
      const following = { ...who, seen: [], connections: 0 }
      followings.push(following)
      return following
    },
    saw(following, seen) {
      following.seen.push(seen)
      line({ subscriber: following.subscriber, member: following.member, ...seen })
    },
    lost({ subscriber, member }, why) {
      line({ subscriber, member, lost: why, at: Date.now() })
    },
    close: () => closeSync(out),
  }
}
