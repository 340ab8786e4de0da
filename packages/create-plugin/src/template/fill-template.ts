import type { NameForms } from '../name/name-forms.js'
import type { Files } from './read-template.js'

/** What stands in a template for what the new plugin says. */
export interface Filling {
  readonly name: NameForms
  readonly title: { readonly en: string; readonly zh: string }
  /** `@pointwell/earn-newsletter` */
  readonly packageName: string
  readonly kind: string
  /** Thirteen digits that TypeORM sorts migrations by, epoch milliseconds. */
  readonly createdAt: number
}

/** A template with its own names taken out for another's, also in the names of its files. */
export function fillTemplate(files: Files, filling: Filling): Map<string, string> {
  const { name, title, packageName, kind, createdAt } = filling
  // In one go: no name that is put in is ever looked at as one to take out.
  const places: Readonly<Record<string, string>> = {
    [`@pointwell/${kind}-my-plugin`]: packageName,
    '1700000000000': String(createdAt),
    'My plugin': title.en,
    我的插件: title.zh,
    'my-plugin': name.kebab,
    my_plugin: name.snake,
    MY_PLUGIN: name.constant,
    myPlugin: name.camel,
    MyPlugin: name.pascal,
  }
  const pattern = new RegExp(Object.keys(places).join('|'), 'g')
  const fill = (text: string) => text.replace(pattern, (found) => places[found] ?? found)
  return new Map([...files].map(([path, text]) => [fill(path), fill(text)]))
}
