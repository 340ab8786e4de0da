import type { Kind } from '../kind.js'
import type { NameForms } from '../name/name-forms.js'

/** What is made: asked for, and checked. */
export interface NewPlugin {
  readonly kind: Kind
  readonly id: string
  readonly name: NameForms
  readonly title: { readonly en: string; readonly zh: string }
  /** Epoch milliseconds; the digits of its migration. */
  readonly createdAt: number
}

/** What a plugin of a kind imports, besides the contract. */
const IMPORTS: Readonly<Record<Kind, readonly string[]>> = {
  earn: ['class-validator', 'graphql', 'graphql-scalars', 'type-graphql', 'zod'],
  redeem: ['class-validator', 'graphql', 'graphql-scalars', 'type-graphql', 'typeorm', 'zod'],
  risk: ['zod'],
  notify: ['zod'],
}

const DOES: Readonly<Record<Kind, string>> = {
  earn: 'Earn points',
  redeem: 'Spend points',
  risk: 'Risk rule',
  notify: 'Tell members',
}

/** The packages a plugin depends on, each with the version that `versionOf` says. */
export function dependenciesOf(
  kind: Kind,
  versionOf: (name: string) => string,
): Record<string, string> {
  return Object.fromEntries(IMPORTS[kind].map((name) => [name, versionOf(name)]))
}

/** `earnNewsletter`: what the plugin is exported as. */
export function exportName({ kind, name }: Pick<NewPlugin, 'kind' | 'name'>): string {
  return `${kind}${name.pascal}`
}

/** What a `package.json` says of the plugin. */
export function descriptionOf({ kind, title }: Pick<NewPlugin, 'kind' | 'title'>): string {
  return `${DOES[kind]}: ${title.en}`
}

/** As the house writes JSON. */
export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
