import { afterAll, afterEach } from 'vitest'

type End = () => Promise<unknown>

const ofFile: End[] = []
const ofTest: End[] = []

/** Done when the calling file of tests is over, the last first. */
export function atEndOfFile(end: End): void {
  ofFile.push(end)
}

/** Done when the running test is over, the last first. */
export function atEndOfTest(end: End): void {
  ofTest.push(end)
}

/** For `setup.ts`, which runs for every file, where a module is loaded only once for many. */
export function watchForEnds(): void {
  afterEach(() => runAll(ofTest))
  afterAll(() => runAll(ofFile))
}

async function runAll(ends: End[]): Promise<void> {
  const faults: unknown[] = []
  for (const end of ends.splice(0).reverse()) await end().catch((fault) => faults.push(fault))
  if (faults.length > 0) throw faults[0]
}
