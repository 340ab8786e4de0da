/** A plugin's id in all the ways in which its files spell it. */
export interface NameForms {
  /** `daily-quiz` */
  readonly kebab: string
  /** `daily_quiz` */
  readonly snake: string
  /** `DAILY_QUIZ` */
  readonly constant: string
  /** `dailyQuiz` */
  readonly camel: string
  /** `DailyQuiz` */
  readonly pascal: string
}

/** `id`: lower-case words joined by hyphens. */
export function nameForms(id: string): NameForms {
  const words = id.split('-')
  const pascal = words.map(capitalized).join('')
  const [first = '', ...rest] = words
  return {
    kebab: id,
    snake: words.join('_'),
    constant: words.join('_').toUpperCase(),
    camel: first + rest.map(capitalized).join(''),
    pascal,
  }
}

/** `Daily quiz`: what a plugin is called until somebody says better. */
export function titleOf(id: string): string {
  return capitalized(id.replaceAll('-', ' '))
}

function capitalized(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1)
}
