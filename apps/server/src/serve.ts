import { readServerOptions } from './compose/read-server-options.js'
import { startServer } from './compose/start-server.js'
import { describeDemo } from './demo/describe-demo.js'
import { makeDemo, openDemoClock } from './demo/make-demo.js'
import { readEnvOrExit } from './env/read-env-or-exit.js'

/** Runs a server as the environment says, until SIGINT or SIGTERM. */
export async function serve(): Promise<void> {
  const env = readEnvOrExit()
  const options = await readServerOptions(env)
  // Before anything else: a signal that comes while the server starts ends it orderly too.
  const stopped = untilStopped((signal) =>
    options.log.info({ signal }, 'finishing what was accepted'),
  )
  const clock = openDemoClock()
  const server = await startServer({
    ...options,
    clock: clock.now,
    async beforeListen(parts) {
      if (env.demo && (await makeDemo(parts, clock))) options.log.info('made the demo programme')
    },
  })
  options.log.info({ url: server.url }, 'listening')
  if (env.demo && env.jwtSecret !== undefined) {
    process.stdout.write(
      await describeDemo({
        url: server.url,
        secret: env.jwtSecret,
        now: clock.now(),
        issuer: env.jwtIssuer,
        audience: env.jwtAudience,
      }),
    )
  }
  await stopped
  await server.close()
  options.log.info('closed')
}

/** The first SIGINT or SIGTERM. A second one does not wait. */
function untilStopped(onSignal: (signal: string) => void): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        onSignal(signal)
        process.once(signal, () => process.exit(1))
        resolve()
      })
    }
  })
}
