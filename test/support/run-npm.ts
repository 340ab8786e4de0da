import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { SEED } from './chance.js'

const run = promisify(execFile)

// For Vitest in a project elsewhere, whose packages of others are linked to those that are here.
const fastCheck = import.meta.resolve('fast-check')
const seeded = `import fc from '${fastCheck}'; fc.configureGlobal({ seed: ${SEED} })`

/** What an npm command in a project says, whose properties draw what those here do; it throws where the command fails, with what it said. */
export async function npm(project: string, ...args: string[]): Promise<string> {
  try {
    const env = {
      ...cleanEnv(),
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(seeded)}`,
    }
    const options = { cwd: project, env, maxBuffer: 2 ** 28 }
    const { stdout } = await run('npm', args, options)
    return stdout
  } catch (fault) {
    const { stdout, stderr } = fault as { stdout: string; stderr: string }
    const said = `${stdout.slice(-6_000)}\n${stderr.slice(-3_000)}`
    throw new Error(`npm ${args.join(' ')} failed:\n${said}`)
  }
}

/** The environment of a program that is started here, without what a run of tests tells its own. */
export function cleanEnv(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env
  return {
    PATH,
    HOME,
    ...(TMPDIR && { TMPDIR }),
    NO_COLOR: '1',
    npm_config_update_notifier: 'false',
  }
}
