/** What one request may take. Each can be set where the gateway is opened. */
export interface Limits {
  /** Bytes of a body, and of a message on a socket. */
  readonly bodyBytes: number
  /** Characters of an operation's text. */
  readonly queryCharacters: number
  /** Words and signs of it, before anything else is looked at. */
  readonly tokens: number
  /** Operations and fragments of one document. */
  readonly definitions: number
  /** Fields inside fields. */
  readonly depth: number
  /** Fields, fragments spread out. */
  readonly fields: number
  /** Fields under another name. */
  readonly aliases: number
  /** Directives on fields and fragments, these spread out. */
  readonly directives: number
  /** Variables of one operation. */
  readonly variables: number
  /** What it would cost to answer; see `cost-of.ts`. */
  readonly cost: number
  /** Items of one list in the variables. */
  readonly listItems: number
  /** Characters of one text in the input. */
  readonly textCharacters: number
  /** Operations at a time on one socket. */
  readonly subscriptions: number
  /** How long a client may take to read one message of its socket. */
  readonly slowClientMs: number
}

export const DEFAULT_LIMITS: Limits = {
  bodyBytes: 1_048_576,
  queryCharacters: 50_000,
  tokens: 5_000,
  definitions: 100,
  depth: 12,
  fields: 600,
  aliases: 30,
  directives: 100,
  variables: 100,
  // Room for the largest batch (500) with all that a shop may want to know of each.
  cost: 25_000,
  // The longest that any field takes has 1,000.
  listItems: 5_000,
  textCharacters: 10_000,
  subscriptions: 20,
  slowClientMs: 30_000,
}
