import { Arg, Ctx, Extensions, ID, Query, Resolver } from 'type-graphql'
import { CONFIDANTS } from '../context/access.js'
import type { ProgramContext } from '../context/program-context.js'
import { TaskType, taskType } from './task.object.js'

@Resolver()
export class TaskResolver {
  @Extensions({ access: CONFIDANTS })
  @Query(() => [TaskType], {
    nullable: true,
    description:
      'What a member can earn by, from all sources: the storefront’s task centre. Beginners’ tasks first, what earns nothing for now last. Null: there is no such member.',
  })
  async tasks(
    @Ctx() context: ProgramContext,
    @Arg('memberId', () => ID, {
      nullable: true,
      description: 'Whose; a member may leave it out.',
    })
    memberId: string | null,
  ): Promise<TaskType[] | null> {
    const tasks = await context.program.tasks(context.actingFor(memberId))
    return tasks?.map((task) => taskType(task, context.language)) ?? null
  }
}
