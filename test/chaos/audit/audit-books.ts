import type { Finding } from './finding.js'
import { groupBy } from './group-by.js'
import {
  type Books,
  type EntryRow,
  STATES,
  type TransactionRow,
  type WalletRow,
} from './read-books.js'

const GENESIS = '0'.repeat(64)

/**
 * The entries of every transaction sum to zero, and those of each lot in it; wallets and lots are
 * the sums over their entries; a wallet's versions have no gap, and its chain no break.
 */
export function auditBooks(books: Books): Finding[] {
  const ofWallet = groupBy(books.transactions, ({ wallet }) => wallet)
  const entries = groupBy(books.entries, ({ wallet }) => wallet)
  const lots = groupBy(books.lots, ({ wallet }) => wallet)
  return books.wallets.flatMap((wallet) => {
    const own = entries.get(wallet.id) ?? []
    return [
      ...auditChain(wallet, ofWallet.get(wallet.id) ?? []),
      ...auditZero(own),
      ...auditSums(wallet, own),
      ...auditRunning(ofWallet.get(wallet.id) ?? [], own),
      ...auditLots(wallet, lots.get(wallet.id) ?? [], own),
    ]
  })
}

function auditChain(wallet: WalletRow, transactions: readonly TransactionRow[]): Finding[] {
  const findings: Finding[] = []
  const breach = (key: string, says: string) =>
    findings.push({ rule: 'chain', key, wallet: wallet.id, says })
  let version = 0
  let head = GENESIS
  for (const transaction of transactions) {
    const { key } = transaction
    if (transaction.version !== version + 1) {
      breach(key, `version ${transaction.version} comes after ${version}`)
    }
    if (transaction.previousHash !== head) breach(key, 'does not follow the one before it')
    version = transaction.version
    head = transaction.hash
  }
  if (wallet.version !== version) {
    breach('wallet', `is at version ${wallet.version}, and its journal at ${version}`)
  }
  if (wallet.head !== head) breach('wallet', 'has a head that is not its last transaction')
  return findings
}

function auditZero(entries: readonly EntryRow[]): Finding[] {
  const findings: Finding[] = []
  for (const [id, rows] of groupBy(entries, (row) => `${row.wallet}-${row.version}`)) {
    for (const [lot, some] of groupBy(rows, (row) => row.lot)) {
      const sum = total(some)
      if (sum === 0) continue
      const says = `the entries of lot ${lot} sum to ${sum}`
      findings.push({ rule: 'zero', key: `transaction ${id}`, wallet: rows[0]!.wallet, says })
    }
  }
  return findings
}

function auditSums(wallet: WalletRow, entries: readonly EntryRow[]): Finding[] {
  const sums = sumsOf(entries)
  return [...STATES, 'debt' as const].flatMap((name): Finding[] => {
    // A debt is what the wallet owes: points that are not there.
    const should = name === 'debt' ? -(sums.get('debt') ?? 0) : (sums.get(name) ?? 0)
    const is = wallet[name]
    const breach = (says: string) => ({ rule: 'balance', key: name, wallet: wallet.id, says })
    return [
      ...(is === should ? [] : [breach(`is ${is}, and the entries sum to ${should}`)]),
      ...(is < 0 ? [breach(`is ${is}`)] : []),
    ]
  })
}

/** The balance that each transaction says it left, which clients are shown. */
function auditRunning(
  transactions: readonly TransactionRow[],
  entries: readonly EntryRow[],
): Finding[] {
  const ofVersion = groupBy(entries, ({ version }) => version)
  const sums = new Map<string, number>()
  const findings: Finding[] = []
  for (const { version, key, wallet, balance } of transactions) {
    for (const { account, amount } of ofVersion.get(version) ?? []) {
      sums.set(account, (sums.get(account) ?? 0) + amount)
    }
    const should = [...STATES.map((state) => sums.get(state) ?? 0), -(sums.get('debt') ?? 0)]
    if (should.every((value, place) => value === balance[place])) continue
    const says = `says it left ${balance.join(' ')}, and the entries up to it sum to ${should.join(' ')}`
    findings.push({ rule: 'balance', key, wallet, says })
  }
  return findings
}

function auditLots(
  wallet: WalletRow,
  lots: readonly Books['lots'][number][],
  entries: readonly EntryRow[],
): Finding[] {
  const ofLot = groupBy(entries, ({ lot }) => lot)
  const findings: Finding[] = []
  for (const lot of lots) {
    const sums = sumsOf(ofLot.get(lot.seq) ?? [])
    for (const state of STATES) {
      const should = sums.get(state) ?? 0
      if (lot[state] === should && should >= 0) continue
      const says = `${state} is ${lot[state]}, and its entries sum to ${should}`
      findings.push({ rule: 'balance', key: `lot ${lot.seq}`, wallet: wallet.id, says })
    }
  }
  for (const state of STATES) {
    const sum = lots.reduce((before, lot) => before + lot[state], 0)
    if (wallet[state] === sum) continue
    const says = `is ${wallet[state]}, and its lots sum to ${sum}`
    findings.push({ rule: 'balance', key: state, wallet: wallet.id, says })
  }
  return findings
}

function sumsOf(entries: readonly EntryRow[]): Map<string, number> {
  const sums = new Map<string, number>()
  for (const { account, amount } of entries) sums.set(account, (sums.get(account) ?? 0) + amount)
  return sums
}

function total(entries: readonly EntryRow[]): number {
  return entries.reduce((sum, { amount }) => sum + amount, 0)
}
