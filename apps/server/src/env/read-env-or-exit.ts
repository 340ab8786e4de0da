import { type Env, EnvFault, readEnv } from './read-env.js'

/** The settings of this process; names what is wrong with them and ends it with 2. */
export function readEnvOrExit(): Env {
  try {
    return readEnv(process.env)
  } catch (fault) {
    if (!(fault instanceof EnvFault)) throw fault
    process.stderr.write(`${fault.message}\n`)
    process.exit(2)
  }
}
