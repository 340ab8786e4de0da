/** What a member or an operator reads, in every language shipped. */
export interface Words {
  readonly en: string
  readonly zh: string
}
export type Language = keyof Words
