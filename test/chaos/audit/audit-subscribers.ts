import type { ClientLog } from '../log/client-log.js'
import type { Finding } from './finding.js'
import type { Books } from './read-books.js'

/**
 * Every subscriber saw each change of its wallet exactly once and in order, from its first cursor to
 * the wallet's last version, each as it is in the journal.
 */
export function auditSubscribers(books: Books, { followings }: ClientLog): Finding[] {
  const journal = new Map(books.transactions.map((row) => [row.id, row]))
  const versions = new Map(books.wallets.map(({ id, version }) => [id, version]))
  return followings.flatMap(({ subscriber, member, from, seen }) => {
    const wallet = books.members.get(member) ?? null
    const findings: Finding[] = []
    const breach = (says: string) =>
      findings.push({ rule: 'subscriber', key: subscriber, wallet, says })
    let last = from
    for (const { version, transaction, available } of seen) {
      if (version <= last) breach(`saw version ${version} after ${last}`)
      else if (version > last + 1) breach(`saw nothing between versions ${last} and ${version}`)
      last = Math.max(last, version)
      if (transaction !== `${wallet}-${version}`) {
        breach(`was told that version ${version} is transaction ${transaction}`)
      }
      const row = journal.get(`${wallet}-${version}`)
      if (row && row.balance[0] !== available) {
        breach(`was shown ${available} points at version ${version}; they were ${row.balance[0]}`)
      }
    }
    const end = wallet === null ? 0 : (versions.get(wallet) ?? 0)
    if (last !== end) breach(`came to version ${last}, and the wallet to ${end}`)
    return findings
  })
}
