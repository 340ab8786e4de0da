/**
 * Answers to the events of a subscription, one at a time. `return` goes through at once, also while
 * an event is awaited.
 */
export function mapEvents<Event, Answer>(
  events: AsyncIterable<Event>,
  answer: (event: Event) => Promise<Answer> | Answer,
): AsyncIterableIterator<Answer> {
  const source = events[Symbol.asyncIterator]()
  const ended: IteratorResult<Answer> = { value: undefined, done: true }
  const answers: AsyncIterableIterator<Answer> = {
    async next() {
      const { value, done } = await source.next()
      return done ? ended : { value: await answer(value), done: false }
    },
    async return() {
      await source.return?.()
      return ended
    },
    async throw(error) {
      await source.return?.()
      throw error
    },
    [Symbol.asyncIterator]: () => answers,
  }
  return answers
}
