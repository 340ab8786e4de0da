import type { Lot } from '@pointwell/ledger'
import { LocalDateScalar, LotType, lotType } from '@pointwell/plugin/graphql'
import { Ctx, Field, ID, ObjectType } from 'type-graphql'
import type { ProgramContext } from '../context/program-context.js'
import { extendedEnd } from '../expiry/extended-end.js'
import type { PolicyInForce } from '../policy/policy-in-force.js'
import { isRenewable, windowOpens } from './renew-lots.js'
import type { RenewalMemory } from './renewal-memory.js'
import type { RenewalTask } from './renewal-section.js'

@ObjectType('RenewalTask', {
  description: 'Something to do, by which points last longer.',
  simpleResolvers: true,
})
export class RenewalTaskType {
  task!: RenewalTask

  @Field(() => ID, { description: 'Its name, an operator’s word.' })
  id!: string

  @Field(() => LocalDateScalar, { description: 'The last day of the points once it is done.' })
  through!: string

  @Field(() => String, { description: 'What it is called, in the language of the request.' })
  title(@Ctx() { language }: ProgramContext): string {
    return this.task.title[language]
  }
}

@ObjectType('RenewableLot', {
  description: 'Points that run out soon, and what would make them last longer.',
  simpleResolvers: true,
})
export class RenewableLotType {
  @Field(() => LotType, { description: 'The points.' })
  lot!: LotType

  @Field(() => [RenewalTaskType], { description: 'Any one of these renews them.' })
  tasks!: RenewalTaskType[]
}

/** Lots in their last days that tasks can still renew (X5), the soonest to run out first. */
export function renewableLots(
  { wallet, lots, now }: { wallet: number; lots: readonly Lot[]; now: number },
  { renewed, policy }: { renewed: RenewalMemory['renewed']; policy: PolicyInForce },
): RenewableLotType[] {
  const { document, calendar } = policy
  const today = calendar.dateOf(now)
  const found = lots.flatMap((lot) => {
    const { expiresAt } = lot
    if (expiresAt === null || expiresAt <= now || today < windowOpens(expiresAt, policy)) return []
    if ((renewed[lot.seq]?.times ?? 0) >= document.renewal.timesPerLot) return []
    const tasks = document.renewal.tasks
      .filter((task) => isRenewable(task, lot.kind, document))
      .map((task) => {
        const end = extendedEnd(expiresAt, { by: task.extend, calendar })
        const through = calendar.dateOf(end - 1)
        return Object.assign(new RenewalTaskType(), { task, id: task.id, through })
      })
    return tasks.length > 0 ? [{ expiresAt, lot, tasks }] : []
  })
  return found
    .sort((a, b) => a.expiresAt - b.expiresAt)
    .map(({ lot, tasks }) =>
      Object.assign(new RenewableLotType(), { lot: lotType(wallet, lot), tasks }),
    )
}
