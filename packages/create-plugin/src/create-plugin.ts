import { CannotCreate } from './cannot-create.js'
import { assertKind } from './kind.js'
import { assertId } from './name/assert-id.js'
import { assertTitle } from './name/assert-title.js'
import { nameForms, titleOf } from './name/name-forms.js'
import type { Plan } from './place/plan.js'
import { planInRepository } from './place/plan-in-repository.js'
import { planProject } from './place/plan-project.js'
import { findRepository } from './read/find-repository.js'
import type { Arguments } from './read/read-arguments.js'
import { writePlan } from './write/write-plan.js'

/** What was made. */
export interface Created {
  /** `earn-newsletter` */
  readonly name: string
  /** Absolute. */
  readonly folder: string
  /** Files elsewhere that were written; absolute. */
  readonly edited: readonly string[]
  /** The root of the repository it lies in; undefined: it is a project of its own. */
  readonly repository: string | undefined
  /** Whether the packages of Pointwell come from a registry: nobody said where else they are. */
  readonly fromRegistry: boolean
  /** Whether somebody still has to say what it is called in Chinese. */
  readonly lacksChinese: boolean
}

/**
 * Makes a plugin: in `cwd` a project of its own, or where that lies in the Pointwell repository, in `plugins/`.
 * All of it is written, or nothing. Throws `CannotCreate` with a sentence for the person who asked. `now`: epoch
 * milliseconds.
 */
export function createPlugin(
  { kind, id, title, titleZh, packages, register }: Omit<Arguments, 'help'>,
  { cwd, now }: { readonly cwd: string; readonly now: number },
): Created {
  assertKind(kind)
  assertId(id)
  if (title !== undefined) assertTitle('--title', title)
  if (titleZh !== undefined) assertTitle('--title-zh', titleZh)
  const en = title ?? titleOf(id)
  const plugin = {
    kind,
    id,
    name: nameForms(id),
    title: { en, zh: titleZh ?? en },
    createdAt: now,
  }
  const repository = findRepository(cwd)
  let plan: Plan
  if (repository === undefined) {
    if (!register) throw new CannotCreate('--no-register is for the Pointwell repository.')
    plan = planProject(plugin, { parent: cwd, packages })
  } else {
    if (packages !== undefined) {
      throw new CannotCreate('--packages is for projects outside of the Pointwell repository.')
    }
    plan = planInRepository(plugin, { root: repository, register })
  }
  writePlan(plan)
  return {
    name: `${kind}-${id}`,
    folder: plan.folder,
    edited: plan.edits.map(({ path }) => path),
    repository,
    fromRegistry: repository === undefined && packages === undefined,
    lacksChinese: titleZh === undefined,
  }
}
