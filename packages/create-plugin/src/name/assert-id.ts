import { CannotCreate } from '../cannot-create.js'
import { KINDS } from '../kind.js'
import { RESERVED_IDS } from './reserved-ids.js'

/** As the contract has it for ids of plugins. */
const ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const LONGEST_ID = 40

/** Throws `CannotCreate` for what can be no plugin's id, or is another's. */
export function assertId(id: string | undefined): asserts id is string {
  if (!id) throw new CannotCreate('Expected a name for the plugin: newsletter.')
  if (/[/\\]/.test(id) || id === '.' || id === '..') {
    throw new CannotCreate(`Expected a name and no path: ${JSON.stringify(id)}.`)
  }
  if (id.length > LONGEST_ID) {
    throw new CannotCreate(`Expected a name of at most ${LONGEST_ID} characters, not ${id.length}.`)
  }
  if (!ID.test(id)) {
    throw new CannotCreate(
      `Expected lower-case words of letters and digits joined by hyphens, like daily-quiz, not ${JSON.stringify(id)}.`,
    )
  }
  const kind = KINDS.find((it) => id.startsWith(`${it}-`))
  if (kind) {
    throw new CannotCreate(
      `The kind is put before the name by itself: ${kind} ${id.slice(kind.length + 1)}.`,
    )
  }
  if (RESERVED_IDS.has(id)) {
    throw new CannotCreate(`The name ${id} is taken: Pointwell has something of that name itself.`)
  }
}
