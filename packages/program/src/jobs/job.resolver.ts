import { DateTimeScalar } from '@pointwell/plugin/graphql'
import { Ctx, Extensions, Field, ID, Int, ObjectType, Query, Resolver } from 'type-graphql'
import { OPERATORS } from '../context/access.js'
import type { ProgramContext } from '../context/program-context.js'
import type { JobStatus } from './job.js'

@ObjectType('Job', {
  description: 'Work that is done by itself, on one server at a time.',
  simpleResolvers: true,
})
export class JobType {
  status!: JobStatus

  @Field(() => ID, { description: 'Its name, a stable word.' })
  name!: string

  @Field(() => Int, { description: 'Milliseconds from the end of a run to the start of the next.' })
  everyMs!: number

  @Field(() => DateTimeScalar, { description: 'When it runs next.' })
  nextRunAt!: number

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the last run began.' })
  lastRunAt!: number | null

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the last run ended.' })
  lastFinishedAt!: number | null

  @Field(() => String, {
    nullable: true,
    description: 'What the last run that ended well said, for an operator; English.',
  })
  lastResult!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Why the last run failed; null: it did not, or there was none.',
  })
  lastError!: string | null

  @Field(() => Int, { description: 'Runs so far.' })
  runs!: number

  @Field(() => Int, { description: 'Runs that failed.' })
  failures!: number

  @Field(() => String, { nullable: true, description: 'The server that runs it now.' })
  runningOn!: string | null

  @Field(() => String, { description: 'What it does, in the language of the request.' })
  title(@Ctx() { language }: ProgramContext): string {
    return this.status.title[language]
  }
}

@Resolver()
export class JobResolver {
  @Extensions({ access: OPERATORS })
  @Query(() => [JobType], { description: 'What runs by itself: last run, next run, failures.' })
  async jobs(@Ctx() { program }: ProgramContext): Promise<JobType[]> {
    const all = await program.jobs.list()
    return all.map((status) =>
      Object.assign(new JobType(), {
        status,
        name: status.name,
        everyMs: status.everyMs,
        nextRunAt: status.nextRunAt,
        lastRunAt: status.lastStartedAt,
        lastFinishedAt: status.lastFinishedAt,
        lastResult: status.lastResult,
        lastError: status.lastError,
        runs: status.runs,
        failures: status.failures,
        runningOn: status.runningOn,
      }),
    )
  }
}
