/** Lower-case words joined by hyphens: `check-in`. At most 40 characters, to leave room for table
 * names made from it. */
export const PLUGIN_ID = /^(?=.{1,40}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/

/** SCREAMING_SNAKE_CASE, which is what GraphQL's enums look like. */
export const REFUSAL_CODE = /^(?=.{1,64}$)[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/

/** What every table of a plugin begins with: `check_in_` for `check-in`. */
export function tablePrefix(pluginId: string): string {
  return `${pluginId.replaceAll('-', '_')}_`
}
