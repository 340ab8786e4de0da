/** What is wrong with a schema, a line each. */
export function lintSchema(text: string): Promise<string[]>
