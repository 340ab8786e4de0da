/** What a program of the bench can be asked; one thing at a time. */
// biome-ignore lint/suspicious/noExplicitAny: each task has an argument of its own
export type Tasks = Record<string, (argument: any) => unknown>

interface Question {
  readonly id: number
  readonly task: string
  readonly argument: unknown
}

/** Answers what the parent asks, until it goes away. */
export function serveProgram(tasks: Tasks): void {
  const send = process.send?.bind(process)
  if (!send) throw new Error('This is a part of the bench: npm run bench.')
  process.on('message', async ({ id, task, argument }: Question) => {
    try {
      const run = tasks[task]
      if (!run) throw new Error(`There is no task ${task}.`)
      send({ id, answer: await run(argument) })
    } catch (fault) {
      send({ id, fault: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) })
    }
  })
  process.on('disconnect', () => process.exit(0))
}
