import { diff } from '@graphql-inspector/core'
import { buildSchema } from 'graphql'

const BUMPS = ['patch', 'minor', 'major']

/**
 * What of a schema's changes breaks its clients and is not announced: a changeset announces one when it
 * has the bump that breaking needs (`major`; `minor` under 0.x, as versions go) and names the place
 * between backticks: `Member.tier`.
 */
export async function findUnannounced({ before, after, version, changesets }) {
  const [was, is] = [before, after].map((text) => buildSchema(text))
  const changes = await diff(was, is)
  const needed = version.startsWith('0.') ? 'minor' : 'major'
  const announced = new Set(
    changesets
      .filter((changeset) => BUMPS.indexOf(bumpOf(changeset)) >= BUMPS.indexOf(needed))
      .flatMap((changeset) => [...changeset.matchAll(/`([^`]+)`/g)].map(([, place]) => place)),
  )
  return changes
    .filter(({ criticality }) => criticality.level === 'BREAKING')
    .filter(({ path }) => !announced.has(path))
    .map(({ path, message }) => ({ place: path, message, needed }))
}

/** The largest that a changeset's head says of any package. */
function bumpOf(changeset) {
  const [, head = ''] = /^---\r?\n([\s\S]*?)\r?\n---/.exec(changeset) ?? []
  const said = [...head.matchAll(/:\s*(patch|minor|major)\s*$/gm)].map(([, bump]) => bump)
  return said.toSorted((a, b) => BUMPS.indexOf(b) - BUMPS.indexOf(a))[0]
}
