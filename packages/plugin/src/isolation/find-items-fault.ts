/** Digits beyond what points can be would make sums slow; places beyond six are to be rounded up. */
const POINTS = /^\d{1,22}(\.\d{1,6})?$/

/** What is wrong with an answer of `items`; undefined when nothing is. Takes anything. */
export function findItemsFault(answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null) return 'it told no items'
  const { items, besides, rounding } = answer as Record<string, unknown>
  if (!Array.isArray(items)) return 'its items are not a list'
  for (const [place, item] of items.entries()) {
    const { id, points } = (item ?? {}) as Record<string, unknown>
    if (typeof id !== 'string' || id === '') return `items.${place} has no id`
    if (typeof points !== 'string' ? !isWhole(points) : !POINTS.test(points)) {
      return `items.${place}.points is neither a whole number nor a decimal of at most six places`
    }
  }
  if (!isWhole(besides)) return 'its besides is not a whole number'
  return rounding === 'floor' || rounding === 'half-up' || rounding === 'ceil'
    ? undefined
    : 'its rounding is neither floor, half-up nor ceil'
}

function isWhole(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0
}
