import { byDue } from '../notice/by-due.js'
import { errorText } from '../notice/error-text.js'
import type { ClaimTerms, Notice, NoticeRow } from '../notice/notice.js'
import { freezeCopy } from './freeze-copy.js'
import { isSameJson } from './retelling.js'

interface Waiting extends Notice {
  readonly claimedBy: string | null
  readonly claimedUntil: number
}

/** The queue of notices of a store in memory. Nothing waits in here, so each call is whole. */
export class MemoryNotices {
  private readonly waiting = new Map<number, Waiting>()
  private lastSeq = 0

  add(rows: readonly NoticeRow[]): void {
    for (const row of rows) {
      const seq = ++this.lastSeq
      const fresh = { attempts: 0, lastError: null, claimedBy: null, claimedUntil: 0 }
      this.waiting.set(seq, Object.freeze({ ...row, ...fresh, seq }))
    }
  }

  findDue(topics: readonly string[], { now, limit }: { now: number; limit: number }): Notice[] {
    const all = [...this.waiting.values()]
    const begun = all.filter(({ attempts }) => attempts > 0)
    const isBehind = (notice: Waiting) =>
      begun.some(
        ({ topic, wallet, seq }) =>
          topic === notice.topic && wallet === notice.wallet && seq < notice.seq,
      )
    return all
      .filter((notice) => topics.includes(notice.topic) && isFree(notice, now) && !isBehind(notice))
      .sort(byDue)
      .slice(0, limit)
      .map(asNotice)
  }

  findFailed(limit: number): Notice[] {
    const failed = [...this.waiting.values()].filter(({ lastError }) => lastError !== null)
    return failed.slice(0, limit).map(asNotice)
  }

  claim({ topics, now, until, claim, limit }: ClaimTerms): Notice[] {
    return this.findDue(topics, { now, limit }).map(({ seq, attempts }) => {
      const taken = { attempts: attempts + 1, claimedBy: claim, claimedUntil: until }
      return asNotice(this.change(this.waiting.get(seq)!, taken))
    })
  }

  end(claim: string, seqs: readonly number[]): void {
    for (const { seq } of this.claimed(claim, seqs)) this.waiting.delete(seq)
  }

  postpone(
    claim: string,
    failed: readonly { readonly seq: number; readonly dueAt: number; readonly error: string }[],
  ): void {
    for (const { seq, dueAt, error } of failed) {
      for (const notice of this.claimed(claim, [seq])) {
        this.change(notice, { ...FREE, dueAt, lastError: errorText(error) })
      }
    }
  }

  release(claim: string, seqs: readonly number[]): void {
    for (const notice of this.claimed(claim, seqs)) {
      this.change(notice, { ...FREE, attempts: notice.attempts - 1 })
    }
  }

  /** Null: it is not to be handled any more. Answers with how many changed. */
  retell(
    wallet: number,
    tell: (topic: string, body: Notice['body']) => Notice['body'] | null,
  ): number {
    let changed = 0
    for (const notice of [...this.waiting.values()]) {
      if (notice.wallet !== wallet) continue
      const body = tell(notice.topic, notice.body)
      if (isSameJson(body, notice.body)) continue
      if (body) this.change(notice, { body: freezeCopy(body) })
      else this.waiting.delete(notice.seq)
      changed++
    }
    return changed
  }

  private claimed(claim: string, seqs: readonly number[]): Waiting[] {
    return seqs.flatMap((seq) => {
      const notice = this.waiting.get(seq)
      return notice?.claimedBy === claim ? [notice] : []
    })
  }

  private change(notice: Waiting, change: Partial<Waiting>): Waiting {
    const changed = Object.freeze({ ...notice, ...change })
    this.waiting.set(notice.seq, changed)
    return changed
  }
}

const FREE = { claimedBy: null, claimedUntil: 0 }

function isFree({ dueAt, claimedUntil }: Waiting, now: number): boolean {
  return dueAt <= now && claimedUntil <= now
}

function asNotice({ claimedBy: _by, claimedUntil: _until, ...notice }: Waiting): Notice {
  return notice
}
