import { checkReason } from '@pointwell/plugin'
import { DateTimeScalar, ReasonArg, type RefusalType, resultUnion } from '@pointwell/plugin/graphql'
import {
  Arg,
  Ctx,
  Extensions,
  Field,
  ID,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql'
import { actingOf } from '../audit/acting.js'
import { OPERATORS, RULE_MAKERS } from '../context/access.js'
import type { ProgramContext } from '../context/program-context.js'
import { orRefusal } from '../refusal/or-refusal.js'
import type { JobStatus } from './job.js'

@ObjectType('JobSchedule', { description: 'When a job runs by the clock.', simpleResolvers: true })
export class JobScheduleType {
  @Field(() => String, {
    description: 'A cron expression: minute, hour, day of the month, month, day of the week.',
  })
  cron!: string

  @Field(() => String, { description: 'The time zone that it is in: the programme’s.' })
  zone!: string
}

@ObjectType('JobFailure', { description: 'A run of a job that failed.', simpleResolvers: true })
export class JobFailureType {
  @Field(() => DateTimeScalar, { description: 'When.' })
  at!: number

  @Field(() => String, { description: 'The server that it failed on.' })
  server!: string

  @Field(() => String, { description: 'Why; English.' })
  error!: string
}

@ObjectType('Job', {
  description: 'Work that is done by itself, on one server at a time.',
  simpleResolvers: true,
})
export class JobType {
  status!: JobStatus

  @Field(() => ID, { description: 'Its name, a stable word.' })
  name!: string

  @Field(() => Int, {
    nullable: true,
    description:
      'Milliseconds from the end of a run to the start of the next; null: it runs by the clock.',
  })
  everyMs!: number | null

  @Field(() => JobScheduleType, {
    nullable: true,
    description: 'When it runs by the clock; null: it runs every so often.',
  })
  schedule!: JobScheduleType | null

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

  @Field(() => [JobFailureType], {
    description: 'Runs that failed, the newest first; the last 20 are kept.',
  })
  async recentFailures(@Ctx() { program }: ProgramContext): Promise<JobFailureType[]> {
    const failures = await program.jobs.failuresOf(this.name)
    return failures.map(({ at, server, error }) =>
      Object.assign(new JobFailureType(), { at, server, error }),
    )
  }
}

const RunJobResult = resultUnion('RunJobResult', JobType, 'The job as it is now, or why not.')

@Resolver()
export class JobResolver {
  @Extensions({ access: OPERATORS })
  @Query(() => [JobType], { description: 'What runs by itself: last run, next run, failures.' })
  async jobs(@Ctx() { program }: ProgramContext): Promise<JobType[]> {
    return (await program.jobs.list()).map(jobType)
  }

  @Extensions({ access: RULE_MAKERS })
  @Mutation(() => RunJobResult, {
    description:
      'Has a job run now rather than at its next time, on whichever server looks first. One that runs already is not begun again.',
  })
  runJob(
    @Ctx() context: ProgramContext,
    @Arg('name', () => ID, { description: 'Which.' }) name: string,
    @ReasonArg() reason: string | null,
  ): Promise<JobType | RefusalType> {
    const wrong = checkReason(reason)
    const acting = actingOf(context, reason)
    return orRefusal(wrong ?? context.program.jobs.runSoon(name, acting), context, jobType)
  }
}

function jobType(status: JobStatus): JobType {
  const { name, everyMs, schedule, nextRunAt, lastFinishedAt, lastResult, lastError } = status
  return Object.assign(new JobType(), {
    status,
    name,
    everyMs,
    schedule: schedule && Object.assign(new JobScheduleType(), schedule),
    nextRunAt,
    lastRunAt: status.lastStartedAt,
    lastFinishedAt,
    lastResult,
    lastError,
    runs: status.runs,
    failures: status.failures,
    runningOn: status.runningOn,
  })
}
