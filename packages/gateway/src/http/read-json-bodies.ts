import type { FastifyInstance } from 'fastify'
import { RequestFault } from './request-fault.js'

const strictUtf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Bodies are JSON in UTF-8 and nothing else: another type is 415 before it is read, text that is not
 * UTF-8 is refused and not mended, which would change names without a word.
 */
export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    async (request: { headers: { 'content-type'?: string } }, body: Buffer) => {
      const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(request.headers['content-type'] ?? '')
      if (charset && !/^utf-?8$/i.test(charset[1] ?? '')) {
        throw new RequestFault(415, 'BAD_REQUEST', 'The body is sent in UTF-8.')
      }
      return parse(decode(body))
    },
  )
}

function decode(body: Buffer): string {
  try {
    return strictUtf8.decode(body)
  } catch {
    throw new RequestFault(400, 'BAD_REQUEST', 'The body is not valid UTF-8.')
  }
}

function parse(text: string): unknown {
  if (text.trim() === '') throw new RequestFault(400, 'BAD_REQUEST', 'The body is empty.')
  try {
    return JSON.parse(text)
  } catch {
    throw new RequestFault(400, 'BAD_REQUEST', 'The body is not valid JSON.')
  }
}
