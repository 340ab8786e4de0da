import { jsonOf, type Row, type Select } from './rows.js'

/** What members think of what they had, and what was done for who came too late. */
export interface AftermathBooks {
  readonly answers: readonly AnswerRow[]
  readonly playbooks: readonly PlaybookRow[]
  readonly shares: readonly ShareRow[]
  readonly missed: readonly MissedRow[]
  readonly settings: ReadonlyMap<string, OfferSettings>
}

interface AnswerRow {
  readonly redemption: string
  readonly wallet: number
  readonly offer: string
  readonly channel: string
  readonly score: number
  readonly comment: string | null
}

/** What a playbook changes of an offer. */
export interface OfferSettings {
  readonly active: boolean
  /** As text, to be compared; null: points only. */
  readonly pointsAndCash: string | null
  /** Its price by hand. */
  readonly points: number
}

export interface PlaybookRow {
  readonly id: string
  readonly requestKey: string
  readonly offer: string
  readonly state: string
  readonly compensate: boolean
  readonly offersUp: readonly string[]
  readonly pointsAndCash: string | null
  /** What it found of each offer. */
  readonly found: ReadonlyMap<string, Pick<OfferSettings, 'active' | 'pointsAndCash'>>
  readonly period: string
  readonly reached: number
  readonly points: number
  /** Null: nothing is left to do. */
  readonly nextTryAt: number | null
}

const SHARE_STATES = ['waiting', 'given', 'called off', 'in hand'] as const

export interface ShareRow {
  readonly playbook: string
  readonly wallet: number
  readonly points: number
  readonly state: (typeof SHARE_STATES)[number] | undefined
}

interface MissedRow {
  readonly offer: string
  readonly wallet: number
  readonly points: number
}

export async function readAftermath(select: Select): Promise<AftermathBooks> {
  return {
    answers: (await select('SELECT * FROM survey_answer')).map((row) => ({
      redemption: String(row.redemption_id),
      wallet: Number(row.wallet),
      offer: String(row.offer_id),
      channel: String(row.channel),
      score: Number(row.score),
      comment: row.comment === null ? null : String(row.comment),
    })),
    playbooks: await readPlaybooks(select),
    shares: (await select('SELECT * FROM playbook_share')).map((row) => ({
      playbook: String(row.playbook),
      wallet: Number(row.member),
      points: Number(row.points),
      state: SHARE_STATES[Number(row.state)],
    })),
    missed: (await select('SELECT * FROM missed_redemption')).map((row) => ({
      offer: String(row.offer),
      wallet: Number(row.member),
      points: Number(row.points),
    })),
    settings: new Map(
      (await select('SELECT id, terms FROM offer')).map((row) => {
        const { price, ...terms } = jsonOf(row.terms)
        return [String(row.id), { ...settingsOf(terms), points: Number((price as Row).byHand) }]
      }),
    ),
  }
}

/** In the order of their ids. */
export async function readPlaybooks(select: Select): Promise<PlaybookRow[]> {
  return (await select('SELECT * FROM playbook ORDER BY id')).map((row) => {
    const terms = jsonOf(row.terms)
    const found = jsonOf(row.found).offers as Readonly<Record<string, Row>>
    return {
      id: String(row.id),
      requestKey: String(row.request_key),
      offer: String(row.offer),
      state: String(row.state),
      compensate: terms.compensate === true,
      offersUp: terms.offersUp as string[],
      pointsAndCash: textOf(terms.pointsAndCash),
      found: new Map(Object.entries(found).map(([id, it]) => [id, settingsOf(it)])),
      period: String(row.period),
      reached: Number(row.reached),
      points: Number(row.points),
      nextTryAt: row.next_try_at === null ? null : Number(row.next_try_at),
    }
  })
}

function settingsOf({
  active,
  pointsAndCash,
}: Row): Pick<OfferSettings, 'active' | 'pointsAndCash'> {
  return { active: active === true, pointsAndCash: textOf(pointsAndCash) }
}

function textOf(shares: unknown): string | null {
  if (shares === null || shares === undefined) return null
  const { leastPointsShare, mostPointsShare } = shares as Row
  return `${leastPointsShare} to ${mostPointsShare}`
}
