import { once } from 'node:events'
import { createServer, request as sendOn } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { atEndOfFile } from './end-of-file.js'

/**
 * A shop's own web server, as small as it can be: a few files, a token for whoever is signed in, and all the
 * rest handed on to Pointwell behind it, so that a page has both under one address.
 */
export async function openWebShop({
  pointwellUrl,
  files,
  token,
}: {
  pointwellUrl: string
  /** By path: `/page.js`. */
  files: ReadonlyMap<string, { type: string; text: string }>
  token: () => Promise<string>
}): Promise<string> {
  const { hostname, port } = new URL(pointwellUrl)
  const web = createServer(async (request, response) => {
    const { method, url = '/', headers } = request
    const file = files.get(url)
    if (file) return response.writeHead(200, { 'content-type': file.type }).end(file.text)
    if (url === '/token') return response.end(await token())
    const far = sendOn({ hostname, port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    far.on('error', () => response.destroy())
    return request.pipe(far)
  })
  web.on('upgrade', ({ method, url, rawHeaders }, near, head) => {
    const far = connect(Number(port), hostname, () => {
      const lines = [`${method} ${url} HTTP/1.1`]
      for (let at = 0; at < rawHeaders.length; at += 2) {
        lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`)
      }
      far.write(`${lines.join('\r\n')}\r\n\r\n`)
      far.write(head)
      near.pipe(far).pipe(near)
    })
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.on('error', () => {})
      socket.once('close', () => other.destroy())
    }
  })
  web.listen(0, '127.0.0.1')
  await once(web, 'listening')
  atEndOfFile(async () => {
    web.closeAllConnections()
    web.close()
  })
  return `http://127.0.0.1:${(web.address() as AddressInfo).port}`
}
