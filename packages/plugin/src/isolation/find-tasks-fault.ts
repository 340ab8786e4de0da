import { MAX_POINTS } from '../schema/limits.js'
import { wordsSchema } from '../schema/words-schema.js'
import { findJsonFault } from './find-json-fault.js'
import { isInstant } from './find-refusal-fault.js'

/** More than anybody reads. */
const MOST_TASKS = 100
const ID = /^(?=.{1,64}$)[a-z0-9]+(-[a-z0-9]+)*$/
const RATE = /^\d{1,15}(\.\d{1,10})?$/

/** What is wrong with the tasks that a source tells; undefined when nothing is. */
export function findTasksFault(answer: unknown): string | undefined {
  if (!Array.isArray(answer) || answer.length > MOST_TASKS) {
    return `its tasks are not a list of at most ${MOST_TASKS}`
  }
  const fault = findJsonFault(answer, 'its tasks')
  if (fault) return fault
  const ids = new Set<unknown>()
  for (const [place, task] of answer.entries()) {
    const wrong = findTaskFault(task)
    if (wrong) return `task ${place}: ${wrong}`
    if (ids.has(task.id)) return `two tasks are called ${task.id}`
    ids.add(task.id)
  }
  return undefined
}

function findTaskFault(task: unknown): string | undefined {
  if (typeof task !== 'object' || task === null) return 'it is none'
  const { id, title, points, rate, behaviour, done, progress, streak, againAt, beginner } =
    task as Record<string, unknown>
  if (typeof id !== 'string' || !ID.test(id)) return 'its id is not lower-case words'
  if (!wordsSchema.safeParse(title).success) return 'its title does not say it in every language'
  if (points !== null && !isCount(points)) return 'its points are not whole'
  if (rate !== undefined && !(typeof rate === 'string' && RATE.test(rate))) {
    return 'its rate is not a decimal'
  }
  if (behaviour !== undefined && typeof behaviour !== 'string') return 'its behaviour is not a text'
  if (typeof done !== 'boolean') return 'it is neither done nor not'
  if (typeof beginner !== 'boolean') return 'it is neither for beginners nor not'
  if (progress !== undefined && !isProgress(progress))
    return 'its progress is not so many of so many'
  if (streak !== undefined && !isCount(streak)) return 'its streak is not whole'
  if (againAt !== undefined && againAt !== null && !isInstant(againAt)) {
    return 'its againAt is not an instant'
  }
  return undefined
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_POINTS
}

function isProgress(value: unknown): boolean {
  const { done, of } = (value ?? {}) as { done?: unknown; of?: unknown }
  return isCount(done) && isCount(of) && done <= of
}
