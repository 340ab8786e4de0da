import { DateTimeScalar, PointsScalar } from '@pointwell/plugin/graphql'
import {
  Arg,
  Ctx,
  Extensions,
  Field,
  ID,
  ObjectType,
  Query,
  Resolver,
  registerEnumType,
} from 'type-graphql'
import { OPERATORS } from '../context/access.js'
import type { ProgramContext } from '../context/program-context.js'
import { type BudgetState, readBudgets } from './budget-state.js'

enum BudgetScope {
  PROGRAMME = 'programme',
  DEPARTMENT = 'department',
  CAMPAIGN = 'campaign',
}
registerEnumType(BudgetScope, {
  name: 'BudgetScope',
  description: 'What a budget is for.',
  valuesConfig: {
    PROGRAMME: { description: 'All points that are issued.' },
    DEPARTMENT: { description: 'What campaigns add that one department pays for.' },
    CAMPAIGN: { description: 'What one campaign adds.' },
  },
})

@ObjectType('Budget', {
  description: 'Points that may be issued in a period, and what became of them.',
  simpleResolvers: true,
})
export class BudgetType {
  @Field(() => BudgetScope, { description: 'What it is for.' })
  scope!: BudgetScope

  @Field(() => ID, {
    nullable: true,
    description: 'Which campaign or department; null: the programme.',
  })
  id!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'The period: `2026-01`, `2026-Q1`, `2026`; null: it has dates of its own.',
  })
  period!: string | null

  @Field(() => DateTimeScalar, { description: 'Its first instant.' })
  from!: number

  @Field(() => DateTimeScalar, { description: 'The first instant after it.' })
  until!: number

  @Field(() => PointsScalar, { description: 'How many points it is, as the policy has it.' })
  points!: number

  @Field(() => PointsScalar, {
    description:
      'What was granted of it, less what returns took back. More than `points` where it was lowered.',
  })
  used!: number

  @Field(() => PointsScalar, { description: 'What can still be granted.' })
  left!: number

  @Field(() => PointsScalar, {
    nullable: true,
    description: 'What of it is kept for campaigns; null: it is not the programme’s.',
  })
  reserve!: number | null

  @Field(() => PointsScalar, {
    nullable: true,
    description: 'What can still be granted outside of campaigns; null: not the programme’s.',
  })
  leftForOrdinary!: number | null
}

@Resolver()
export class BudgetResolver {
  @Extensions({ access: OPERATORS })
  @Query(() => [BudgetType], {
    description:
      'The budgets that hold at a moment, with what is used of each: the programme’s, the departments’, the campaigns’.',
  })
  async budgets(
    @Ctx() { program, now }: ProgramContext,
    @Arg('at', () => DateTimeScalar, {
      nullable: true,
      description: 'Of the periods that this moment lies in; default: now.',
    })
    at: number | null,
  ): Promise<BudgetType[]> {
    const { store } = program.ledger
    const moment = at ?? now()
    const budgets = await readBudgets((ids) => store.findCounters(ids), {
      policy: program.policies.at(moment),
      at: moment,
    })
    return budgets.map(budgetType)
  }
}

function budgetType({ scope, ...state }: BudgetState): BudgetType {
  return Object.assign(new BudgetType(), { ...state, scope: scope as BudgetScope })
}
