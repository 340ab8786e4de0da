import type { TestProgram } from './test-program.js'

/** For a run of a job that nobody stops and nothing may go wrong in. */
export const quiet = () => ({
  signal: new AbortController().signal,
  report: (what: string, fault: unknown) => {
    throw new Error(`${what}: ${fault}`)
  },
})

/** Goes on with the review of today, or begins it. Throws what goes wrong with a member. */
export const review = ({ program, time }: TestProgram): Promise<string> =>
  program.reviews.run({ now: time.now, ...quiet() })
