import type { Access } from '@pointwell/plugin'

/** Who reads what is the programme's own: every operator. */
export const OPERATORS: readonly Access[] = ['viewer', 'support', 'rules', 'finance', 'admin']
/** Who changes rules and offers. */
export const RULE_MAKERS: readonly Access[] = ['rules', 'admin']
/** Who is told what something costs the programme, and how its price is made. */
export const COST_READERS: readonly Access[] = ['rules', 'finance', 'admin']
/** Who credits and debits a member's points, and who is asked for the second yes. */
export const ADJUSTERS: readonly Access[] = ['support', 'finance', 'admin']
export const APPROVERS: readonly Access[] = ['finance', 'admin']
/** Who is told how members are sorted: not they themselves, who might be called lost. */
export const SORTERS: readonly Access[] = ['storefront', ...OPERATORS]
/** Who has a member erased that asked for it. */
export const ERASERS: readonly Access[] = ['support', 'admin']
/** Who reads what operators did, and from where: those who may do things themselves. */
export const AUDITORS: readonly Access[] = ['support', 'rules', 'finance', 'admin']
/** Who speaks of one member: itself, or for it. */
export const MEMBER_AND_STOREFRONT: readonly Access[] = ['member', 'storefront']
/** Who is told what names a member elsewhere, or is worth money to whoever knows it. */
export const CONFIDANTS: readonly Access[] = ['member', 'storefront', 'support', 'admin']
