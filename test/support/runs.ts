/**
 * How many examples a property tries: as many as find what there is to find in a run of all tests, or
 * `POINTWELL_TEST_RUNS` times as many, where somebody has the time (test/README.md).
 */
export function runs(count: number): number {
  return Math.ceil(count * Number(process.env.POINTWELL_TEST_RUNS ?? 1))
}
