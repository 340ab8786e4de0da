/** Something that must never be. */
export interface Finding {
  /** Which rule it breaks. */
  readonly rule: string
  /** The key, code or subscriber that it shows on. */
  readonly key: string
  readonly wallet: number | null
  /** What is wrong, in a sentence. */
  readonly says: string
}

export function describeFinding({ rule, key, wallet, says }: Finding): string {
  return `${rule}: ${key}${wallet === null ? '' : ` (wallet ${wallet})`}: ${says}`
}
