/** Variables of a request in which `{{redeem.receipt.code}}` is what an answer before said there. */
export function fillIn(
  variables: Record<string, unknown>,
  answers: ReadonlyMap<string, unknown>,
): Record<string, unknown> {
  const text = JSON.stringify(variables).replace(/\{\{([\w.]+)\}\}/g, (_, path: string) => {
    const [field, ...rest] = path.split('.')
    let value = answers.get(field!)
    for (const key of rest) value = (value as Record<string, unknown>)?.[key]
    if (typeof value !== 'string') throw new Error(`no answer before says ${path}`)
    return value
  })
  return JSON.parse(text)
}
