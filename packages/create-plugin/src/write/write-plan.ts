import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CannotCreate } from '../cannot-create.js'
import type { Edit, Plan } from '../place/plan.js'

/**
 * Writes all of a plan or nothing: the folder is filled beside its place and put there by one rename, and
 * where anything after that fails, what was written is taken back. Throws `CannotCreate` where the folder is
 * there already.
 */
export function writePlan({ folder, files, edits }: Plan): void {
  if (existsSync(folder)) throw new CannotCreate(`${folder} is there already.`)
  mkdirSync(dirname(folder), { recursive: true })
  const filled = join(dirname(folder), `.create-plugin-${randomBytes(6).toString('hex')}`)
  const done: Edit[] = []
  let isThere = false
  try {
    mkdirSync(filled)
    for (const [path, text] of files) {
      const file = join(filled, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
    renameSync(filled, folder)
    isThere = true
    for (const edit of edits) {
      writeWhole(edit.path, edit.after)
      done.push(edit)
    }
  } catch (fault) {
    for (const { path, before } of done.reverse()) {
      if (before === null) rmSync(path, { force: true })
      else writeWhole(path, before)
    }
    if (isThere) rmSync(folder, { recursive: true, force: true })
    throw fault
  } finally {
    rmSync(filled, { recursive: true, force: true })
  }
}

/** A reader sees the old text or the new one. */
function writeWhole(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  const written = `${path}.create-plugin`
  try {
    writeFileSync(written, text)
    renameSync(written, path)
  } finally {
    rmSync(written, { force: true })
  }
}
