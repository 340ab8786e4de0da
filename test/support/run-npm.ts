import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What an npm command in a project says; it throws where the command fails, with what it said. */
export async function npm(project: string, ...args: string[]): Promise<string> {
  try {
    const options = { cwd: project, env: cleanEnv(), maxBuffer: 2 ** 28 }
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
