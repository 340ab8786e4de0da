import type { Language } from '@pointwell/plugin'

/**
 * The language to answer in: the one asked for by name, else the first of an Accept-Language header
 * that is spoken here, else English.
 */
export function languageOf({ asked, accepted }: { asked?: unknown; accepted?: unknown }): Language {
  if (typeof asked === 'string') {
    const language = findLanguage(asked)
    if (language) return language
  }
  if (typeof accepted !== 'string') return 'en'
  const ranges = accepted
    .slice(0, 500)
    .split(',')
    .map((range, place) => {
      const [tag = '', ...parameters] = range.split(';').map((part) => part.trim())
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
      return {
        language: findLanguage(tag),
        weight: weight === undefined ? 1 : Number(weight),
        place,
      }
    })
    .filter(({ language, weight }) => language !== undefined && weight > 0)
    .sort((a, b) => b.weight - a.weight || a.place - b.place)
  return ranges[0]?.language ?? 'en'
}

function findLanguage(tag: string): Language | undefined {
  const [primary] = tag.toLowerCase().split(/[-_]/)
  return primary === 'zh' || primary === 'en' ? primary : undefined
}
