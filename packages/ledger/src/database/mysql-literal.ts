import type { SqlParameter, SqlValue } from './sql-connection.js'

/**
 * A value as it stands in a statement. The driver's own escaping also marks what needs no mark
 * between single quotes; documents are full of double quotes, and bulk statements of documents.
 * Needs a connection in UTF-8 whose SQL mode leaves the backslash its meaning, as ours all have.
 */
export function mysqlLiteral(value: SqlValue): string {
  if (typeof value === 'string') return NEEDS_ESCAPE.test(value) ? mark(value) : `'${value}'`
  if (value === null) return 'NULL'
  // A number that is none (NaN …) would be read as the name of a column.
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  throw new TypeError(`not a value for a statement: ${typeof value}`)
}

/** A statement with each `?` replaced by its value, lists without the brackets around them. */
export function fillStatement(sql: string, parameters: readonly SqlParameter[]): string {
  const pieces = sql.split('?')
  if (pieces.length !== parameters.length + 1) {
    throw new Error(`a statement with ${pieces.length - 1} places got ${parameters.length} values`)
  }
  let text = pieces[0]!
  parameters.forEach((parameter, place) => {
    text +=
      typeof parameter === 'object' && parameter !== null
        ? parameter.map(mysqlLiteral).join(',')
        : mysqlLiteral(parameter)
    text += pieces[place + 1]!
  })
  return text
}

/** Rows as they follow `VALUES`. */
export function mysqlRows(rows: readonly (readonly SqlValue[])[]): string {
  let text = ''
  for (const row of rows) {
    text += text === '' ? '(' : ',('
    for (let place = 0; place < row.length; place++) {
      text += place === 0 ? mysqlLiteral(row[place]!) : `,${mysqlLiteral(row[place]!)}`
    }
    text += ')'
  }
  return text
}

const NEEDS_ESCAPE = /['\\\0]/
const ESCAPED = /['\\\0]/g

function mark(text: string): string {
  return `'${text.replace(ESCAPED, (character) => (character === '\0' ? '\\0' : `\\${character}`))}'`
}
