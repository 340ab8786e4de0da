import type { Language, Plugin, Words } from '@pointwell/plugin'
import { PROGRAMME_WORDS } from './programme-words.js'

export type TitleOf = (word: string, language: Language) => string

/**
 * Words for steps and reasons, the plugins' and the programme's own: by the whole word, else by its
 * parts (`purchase:return`, `offer:tea`), else the word itself.
 */
export function openTitles(plugins: readonly Plugin[]): TitleOf {
  const words = new Map<string, Words>(Object.entries(PROGRAMME_WORDS))
  for (const plugin of plugins) {
    words.set(plugin.id, plugin.title)
    for (const [word, title] of Object.entries(plugin.words ?? {})) words.set(word, title)
  }
  return (word, language) => {
    const whole = words.get(word)
    if (whole) return whole[language]
    const [head, tail] = split(word)
    const title = words.get(head)?.[language]
    if (title === undefined) return word
    const rest = tail === undefined ? undefined : words.get(tail)?.[language]
    return rest === undefined ? title : join(title, rest, language)
  }
}

function split(word: string): [string, string | undefined] {
  const colon = word.indexOf(':')
  return colon < 0 ? [word, undefined] : [word.slice(0, colon), word.slice(colon + 1)]
}

function join(title: string, rest: string, language: Language): string {
  return language === 'zh' ? `${title}：${rest}` : `${title}: ${rest}`
}
