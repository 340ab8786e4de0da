// The one way in: `node scripts/run.mjs COMMAND [arguments]`; without a command it
// says which there are.
// Needs nothing but Node and npm: it fetches the pinned pnpm, installs, builds, and runs.
// Whatever is said on the way goes to stderr, so that the output of the command itself stays clean.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const OLDEST_NODE = [20, 19]
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bin = join(root, 'node_modules', '.bin')
const onWindows = process.platform === 'win32'

const commands = {
  async start(args) {
    setUp()
    return runInForeground(['apps/server/dist/main.js', ...args])
  },
  async pointwell(args) {
    setUp()
    // Files are named from where the caller stands: `import orders ./orders.csv`.
    return runInForeground(['apps/server/dist/cli/main.js', ...args], process.cwd())
  },
  async test(args) {
    setUp()
    return runInForeground(['node_modules/vitest/vitest.mjs', 'run', ...args])
  },
  async build() {
    setUp()
    return 0
  },
  async bench(args) {
    setUp()
    buildTestPrograms()
    return runInForeground(['test/dist/bench/main.js', ...args])
  },
  async chaos(args) {
    setUp()
    buildTestPrograms()
    return runInForeground(['test/dist/chaos/main.js', ...args])
  },
  async year(args) {
    setUp()
    Object.assign(process.env, yearOf(args))
    return runInForeground(['node_modules/vitest/vitest.mjs', 'run', 'test/year'])
  },
  async explore(args) {
    setUp()
    return runInForeground(['scripts/explore.mjs', ...args])
  },
  async mutate(args) {
    install()
    return runInForeground(['scripts/mutate.mjs', ...args])
  },
  async pack([folder = 'dist/packages']) {
    setUp()
    packInto(resolve(folder))
    return 0
  },
  async 'create-plugin'(args) {
    setUp()
    return createPlugin(args)
  },
  async check(args) {
    install()
    return check({ fix: args.includes('--fix') })
  },
}

assertNode()
const [name = '', ...args] = process.argv.slice(2)
const command = Object.hasOwn(commands, name) ? commands[name] : undefined
if (!command) {
  stop(`Usage: node scripts/run.mjs ${Object.keys(commands).join('|')} [arguments]`)
}
process.exitCode = await command(args)

function assertNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  const [oldestMajor, oldestMinor] = OLDEST_NODE
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return
  stop(
    `Pointwell needs Node ${OLDEST_NODE.join('.')} or newer, and this is ${process.versions.node}.`,
  )
}

/** What the year is told by its environment: see test/year/README.md. */
function yearOf(args) {
  const told = { MEMBERS: '500', DAYS: '365', PRINT: '1' }
  for (let place = 0; place < args.length; place += 2) {
    const name = /^--(store|seeds|members|days)$/.exec(args[place])?.[1]
    const value = args[place + 1]
    if (!name || value === undefined) {
      stop('Usage: year [--store memory,sqlite,mysql] [--seeds 1,2] [--members 500] [--days 365]')
    }
    told[name.toUpperCase()] = value
  }
  return Object.fromEntries(
    Object.entries(told).map(([name, value]) => [`POINTWELL_YEAR_${name}`, value]),
  )
}

function setUp() {
  install()
  const built = build()
  if (built !== 0) stop('The build failed; what it said is above.', built)
}

/** Installs what the lock file names, unless that was done already for this very lock file. `flags`: for
 * manifests that the lock file does not know yet. */
function install(flags = ['--frozen-lockfile']) {
  const stampFile = join(root, 'node_modules', '.pointwell-install')
  const abi = `${process.platform}-${process.arch}-${process.versions.modules}`
  const before = readStamp(stampFile)
  if (before?.manifests === hashManifests() && before.abi === abi) return

  say('Installing packages. The first time takes a minute or two: SQLite may have to be compiled.')
  // A stamp that outlived an install cut short would vouch for a half-filled folder.
  rmSync(stampFile, { force: true })
  runPnpm(['install', ...flags, '--config.confirmModulesPurge=false'])
  if (before && before.abi !== abi) {
    say('Compiled parts were made for another Node: making them anew.')
    runPnpm(['rebuild', '--recursive'])
  }
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, JSON.stringify({ manifests: hashManifests(), abi }))
}

function hashManifests() {
  const hash = createHash('sha256')
  const workspaces = ['packages', 'plugins', 'apps', 'docs/examples'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(folder, name)),
  )
  const files = [
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    ...['.', 'test', ...workspaces.sort()].map((folder) => join(folder, 'package.json')),
  ]
  for (const file of files.filter((file) => existsSync(join(root, file)))) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0')
  }
  return hash.digest('hex')
}

function readStamp(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

function runPnpm(args) {
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager
  const version = wanted.slice('pnpm@'.length)
  const there = spawnSync('pnpm', ['--version'], { cwd: root, encoding: 'utf8', shell: onWindows })
  const [program, ...before] =
    there.status === 0 && there.stdout.trim() === version ? ['pnpm'] : ['npx', '--yes', wanted]
  const done = spawnSync(program, [...before, ...args], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: onWindows,
  })
  if (done.error) stop(`Could not run ${program}: ${done.error.message}`)
  if (done.status !== 0) stop(`pnpm ${args[0]} failed; what it said is above.`, done.status ?? 1)
}

/** Builds what has changed, and speaks only when that fails. */
function build() {
  const done = spawnSync(
    process.execPath,
    ['node_modules/turbo/bin/turbo', 'run', 'build', '--output-logs=errors-only'],
    { cwd: root, env: toolEnvironment(), encoding: 'utf8', maxBuffer: 2 ** 28 },
  )
  if (done.error) stop(`Could not run turbo: ${done.error.message}`)
  if (done.status !== 0) say(`${done.stdout}${done.stderr}`)
  return done.status ?? 1
}

/** Builds what of the tests runs by itself, against what is built and not against the sources: it
 * measures and kills what a user runs. */
function buildTestPrograms() {
  const built = run(['node_modules/typescript/bin/tsc', '-b', 'test/tsconfig.build.json'])
  if (built !== 0) stop('The build of bench and chaos failed; what it said is above.', built)
}

/** Every package as it would be published, as archives in a folder. */
function packInto(folder) {
  const names = ['packages', 'plugins', 'apps']
    .flatMap((house) => readdirSync(join(root, house)).map((name) => join(root, house, name)))
    .filter((path) => existsSync(join(path, 'package.json')))
    .map((path) => JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')))
    .filter(({ private: isPrivate }) => !isPrivate)
    .flatMap(({ name }) => ['--filter', name])
  mkdirSync(folder, { recursive: true })
  runPnpm(['--recursive', ...names, 'pack', '--pack-destination', folder])
  say(`The packages are in ${folder}.`)
}

/** Writes a plugin, and goes all the way with it: linked, in the house's style, built, through the
 * conformance kit, and in the schema. */
async function createPlugin(args) {
  const module = join(root, 'packages/create-plugin/dist/index.js')
  const maker = await import(pathToFileURL(module).href)
  let created
  try {
    const given = maker.readArguments(args)
    if (given.help) {
      process.stdout.write(maker.USAGE)
      return 0
    }
    created = maker.createPlugin(given, { cwd: root, now: Date.now() })
  } catch (fault) {
    if (!(fault instanceof maker.CannotCreate)) throw fault
    say(fault.message)
    return 1
  }
  say(maker.describeCreated(created, process.cwd()))
  const folder = relative(root, created.folder)
  install(['--no-frozen-lockfile', '--prefer-offline'])
  const edited = created.edited.filter((path) => !path.endsWith('.md'))
  const biome = 'node_modules/@biomejs/biome/bin/biome'
  run([biome, 'check', '--write', '--log-level=error', folder, ...edited])
  setUp()
  say(`The conformance kit and the other tests of ${folder}:`)
  const kept = run(['node_modules/vitest/vitest.mjs', 'run', folder])
  return kept || run(['scripts/check-generated.mjs', '--write'])
}

/** Runs every check, also after one failed, so that one run tells all there is to mend. */
function check({ fix }) {
  const steps = {
    'format and lint': () =>
      run([
        'node_modules/@biomejs/biome/bin/biome',
        'check',
        '--error-on-warnings',
        ...(fix ? ['--write'] : []),
        '.',
      ]),
    'types of the packages': build,
    'types of the tests and of the example': () =>
      run(['node_modules/typescript/bin/tsc', '-p', 'tsconfig.tests.json']) ||
      run(['node_modules/typescript/bin/tsc', '-p', 'docs/examples/storefront']),
    'who imports whom': () =>
      run([
        'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
        'packages',
        'plugins',
        'apps',
        'test',
      ]),
    'generated files': () => run(['scripts/check-generated.mjs', ...(fix ? ['--write'] : [])]),
    'what the client weighs': () =>
      run(['scripts/check-client-size.mjs', ...(fix ? ['--write'] : [])]),
    'the schema: conventions, and what breaks clients': () => run(['scripts/check-schema.mjs']),
    'dead code and unused packages': () => run(['node_modules/knip/bin/knip.js']),
  }
  const failed = Object.entries(steps).filter(([title, step]) => {
    say(`\n— ${title}`)
    return step() !== 0
  })
  say('')
  if (failed.length === 0) {
    say(`All ${Object.keys(steps).length} checks hold.`)
    return 0
  }
  say(`Failed: ${failed.map(([title]) => title).join(', ')}.`)
  return 1
}

function run(args) {
  const done = spawnSync(process.execPath, args, {
    cwd: root,
    env: toolEnvironment(),
    stdio: ['ignore', 2, 2],
  })
  if (done.error) stop(`Could not run ${args[0]}: ${done.error.message}`)
  return done.status ?? 1
}

/** Becomes the program, as far as a parent can: signals go in, the way it ended comes out. */
function runInForeground([file, ...args], cwd = root) {
  const child = spawn(process.execPath, [join(root, file), ...args], { cwd, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the whole group; the child must not get it twice.
      if (signal === 'SIGINT' && process.stdin.isTTY) return
      child.kill(signal)
    })
  }
  if (process.env.npm_lifecycle_event) {
    // npm puts a shell between itself and us and signals only that: its end is our signal.
    const shell = process.ppid
    setInterval(() => process.ppid !== shell && child.kill('SIGTERM'), 250).unref()
  }
  return new Promise((resolve) => {
    child.once('error', (error) => stop(`Could not run ${file}: ${error.message}`))
    child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)))
  })
}

function toolEnvironment() {
  return {
    ...process.env,
    // turbo calls a `pnpm` it finds on the path: ours comes first.
    PATH: [bin, process.env.PATH].join(delimiter),
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
  }
}

function say(text) {
  process.stderr.write(`${text}\n`)
}

function stop(text, code = 1) {
  say(text)
  process.exit(code)
}
