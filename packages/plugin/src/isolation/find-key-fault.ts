/** What is wrong with the name of an act or a return; undefined when nothing is. */
export function findKeyFault(answer: unknown): string | undefined {
  // Letters of every script, but nothing that could end a key early or is not shown.
  const right = typeof answer === 'string' && answer.length <= 128 && /^[^\p{C}]+$/u.test(answer)
  return right ? undefined : 'its key is not a text of 1 to 128 characters'
}
