import { openTokenVerifier } from '@pointwell/gateway'
import { openProgramContext } from '@pointwell/program'
import { buildSchema, type Server, startServer } from '@pointwell/server'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import mercurius from 'mercurius'
import { SECRET } from '../http/client.js'
import { serveProgram } from '../process/serve-program.js'
import config from './bench-config.js'

/**
 * The same schema over the same store behind another front door: Mercurius, with operations compiled
 * when they come for the first time. Who asks is checked and what is read is gathered as in ours; what
 * ours does besides (limits, costs, metrics, logs, jobs) is left out.
 */

let server: Server
let app: FastifyInstance

serveProgram({
  async open({ url }: { url: string }): Promise<string> {
    const { plugins } = config
    // Its own front door stays shut: nobody is told where it is.
    server = await startServer({
      databaseUrl: url,
      tokens: { secret: SECRET },
      plugins,
      jobs: false,
    })
    const verifier = openTokenVerifier({ secret: SECRET, now: Date.now })
    app = Fastify()
    await app.register(mercurius, {
      schema: buildSchema(plugins),
      jit: 1,
      async context(request: FastifyRequest) {
        const token = request.headers.authorization!.slice('Bearer '.length)
        const viewer = await verifier.verify(token)
        return openProgramContext(server.program, {
          requestId: request.id,
          viewer,
          language: 'en',
          address: request.ip,
          now: Date.now,
          actingFor: (memberId) => memberId ?? viewer.subject,
        })
      },
    })
    return app.listen({ host: '127.0.0.1', port: 0 })
  },
  async close() {
    await app.close()
    await server.close()
  },
})
