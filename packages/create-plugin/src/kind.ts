import { CannotCreate } from './cannot-create.js'

/** The kinds of plugins that can be made: all of the contract. */
export const KINDS = ['earn', 'redeem', 'risk', 'notify'] as const
export type Kind = (typeof KINDS)[number]

const CHOICE = `${KINDS.slice(0, -1).join(', ')} or ${KINDS.at(-1)}`

/** Throws `CannotCreate` for what is no kind. */
export function assertKind(kind: string | undefined): asserts kind is Kind {
  if (KINDS.includes(kind as Kind)) return
  throw new CannotCreate(`Expected a kind of plugin, ${CHOICE}${kind ? `, not ${kind}` : ''}.`)
}
