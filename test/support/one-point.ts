import { type Command, closeDraft, grantPoints, isRefusal, openDraft } from '@pointwell/ledger'

/** The smallest change of a wallet there is. */
export function onePoint(wallet: number, key: string): Command {
  return {
    wallet,
    key,
    content: { key },
    decide(view) {
      const draft = openDraft(view)
      const lot = grantPoints(draft, {
        kind: 'base',
        source: 'purchase',
        ref: key,
        points: 1,
        earnedAt: view.now,
        claimMs: null,
        expiresAt: null,
      })
      if (isRefusal(lot)) return lot
      return closeDraft(draft, { type: 'grant', reason: 'purchase' })
    },
  }
}
