import { type ClawbackPolicy, type ClawedBack, clawBack, type Draft } from '@pointwell/ledger'
import { type KeptPart, shareStanding } from '../campaign/kept-parts.js'
import type { EarnBody } from './earn-record.js'

export interface TakenBack {
  readonly taken: ClawedBack
  /** What changes in the record. */
  readonly kept: Pick<EarnBody, 'standing' | 'forgiven' | 'forgivenByLot' | 'parts'>
  /** What each part lost, of what was really taken from the member or is owed. */
  readonly lost: readonly { readonly part: KeptPart; readonly points: number }[]
}

/** Takes back what of a grant no longer stands, each lot's share from that lot first. */
export function takeBackParts(
  draft: Draft,
  body: EarnBody,
  { standing, policy }: { readonly standing: number; readonly policy: ClawbackPolicy },
): TakenBack {
  const parts = body.parts ?? [wholeOf(body)]
  const shares = shareStanding(parts, standing)
  const kept = parts.map((part, place) => ({ ...part, standing: shares[place]! }))
  const forgivenByLot = [...(body.forgivenByLot ?? body.lots.map(() => body.forgiven))]
  const lost: TakenBack['lost'][number][] = []
  const all = { voided: 0, taken: 0, owed: 0, forgiven: 0, forgone: 0 }
  for (const [place, seq] of body.lots.entries()) {
    const going = parts.flatMap((part, at) => {
      const points = part.standing - shares[at]!
      return part.lot === place && points > 0 ? [{ part, points }] : []
    })
    const points = going.reduce((sum, it) => sum + it.points, 0)
    const forgivenBefore = forgivenByLot[place]!
    const taken = clawBack(draft, { lots: [seq], points, forgivenBefore, policy })
    forgivenByLot[place] = forgivenBefore + taken.forgiven
    for (const name of Object.keys(all) as (keyof ClawedBack)[]) all[name] += taken[name]
    let real = taken.voided + taken.taken + taken.owed
    for (const it of going) {
      const share = Math.min(it.points, real)
      real -= share
      if (share > 0) lost.push({ part: it.part, points: share })
    }
  }
  const forgiven = body.forgiven + all.forgiven
  const inParts = body.parts ? { parts: kept, forgivenByLot } : {}
  return { taken: all, kept: { standing, forgiven, ...inParts }, lost }
}

/** A grant that was never told apart. */
function wholeOf({ granted, standing }: EarnBody): KeptPart {
  return { campaign: null, lot: 0, granted, standing, extra: 0 }
}
