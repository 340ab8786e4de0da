import { access, constants, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'

/** Linux keeps this folder in memory. */
const IN_MEMORY = '/dev/shm'
/** A whole run of the tests fills less than half of this. */
const ENOUGH_BYTES = 2 * 1024 ** 3

/**
 * Where databases lie that need not outlive this process: in memory where there is room, for to make
 * and drop their tables costs a disk several times what the rest of a test does; otherwise in the
 * folder for temporary files. `POINTWELL_TEST_TMP` names another.
 */
export async function fastFolder(): Promise<string> {
  const { POINTWELL_TEST_TMP: given } = process.env
  if (given) return given
  try {
    await access(IN_MEMORY, constants.W_OK)
    const { bavail, bsize } = await statfs(IN_MEMORY)
    return bavail * bsize >= ENOUGH_BYTES ? IN_MEMORY : tmpdir()
  } catch {
    return tmpdir()
  }
}
