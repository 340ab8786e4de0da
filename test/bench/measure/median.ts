/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** What the share `part` of the values is not above; between two of them by straight line. */
export function quantile(values: readonly number[], part: number): number {
  if (values.length === 0) throw new RangeError('nothing was measured')
  const sorted = [...values].sort((a, b) => a - b)
  const place = (sorted.length - 1) * part
  const below = sorted[Math.floor(place)]!
  const above = sorted[Math.ceil(place)]!
  return below + (above - below) * (place - Math.floor(place))
}
