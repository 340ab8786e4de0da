import type { JsonObject } from '@pointwell/ledger'
import type { Words } from '@pointwell/plugin'

/** What messages are about. */
export const MESSAGE_KINDS = ['expiring'] as const
export type MessageKind = (typeof MESSAGE_KINDS)[number]

export interface MessageWords {
  readonly title: Words
  readonly body: Words
}

/** What a member reads, in every language: of the kind of a message and its figures. */
const WRITE: Readonly<Record<MessageKind, (figures: JsonObject) => MessageWords>> = {
  expiring: ({ points, date }) => ({
    title: { en: 'Your points run out soon', zh: '积分即将过期' },
    body: {
      en: `${inWords(points, 'en')} points run out at the end of ${date}.`,
      zh: `您有 ${inWords(points, 'zh')} 积分将于 ${date} 日终过期。`,
    },
  }),
}

export function messageWords(kind: MessageKind, figures: JsonObject): MessageWords {
  return WRITE[kind](figures)
}

function inWords(points: unknown, language: 'en' | 'zh'): string {
  return Number(points).toLocaleString(language)
}
