/**
 * Milliseconds of processor that work took of this process. What is to be quick is held to that: by the clock
 * on the wall it takes as long as a busy machine makes it wait.
 */
export async function processorMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}
