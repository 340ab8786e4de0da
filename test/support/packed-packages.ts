import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { atEndOfFile } from './end-of-file.js'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const HOUSE = ['packages', 'plugins', 'apps']

export interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly version: string
  readonly description?: string
  readonly license?: string
  readonly type?: string
  readonly bin?: Readonly<Record<string, string>>
  readonly exports?: Readonly<Record<string, unknown>>
  readonly files?: readonly string[]
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** Folders of the packages that are published. */
export function publishedFolders(): string[] {
  return HOUSE.flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(root, folder, name)),
  ).filter(
    (folder) => existsSync(join(folder, 'package.json')) && readManifest(folder).private !== true,
  )
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

/**
 * Packages as they would be published, all unless told: paths of archives by name, removed when the calling file
 * is done.
 */
export async function packPackages(
  names = publishedFolders().map((it) => readManifest(it).name),
): Promise<Map<string, string>> {
  const folder = await temporaryFolder('packed')
  const pnpm = join(root, 'node_modules/pnpm/bin/pnpm.cjs')
  await run(
    process.execPath,
    [
      pnpm,
      '--recursive',
      ...names.flatMap((name) => ['--filter', name]),
      'pack',
      '--pack-destination',
      folder,
    ],
    { cwd: root, maxBuffer: 2 ** 28 },
  )
  const archives = readdirSync(folder)
  return new Map(
    names.map((name) => {
      const start = `${name.slice(1).replace('/', '-')}-`
      const archive = archives.find(
        (it) => it.startsWith(start) && /^\d/.test(it.slice(start.length)),
      )
      if (!archive) throw new Error(`${name} was not packed.`)
      return [name, join(folder, archive)]
    }),
  )
}

/**
 * What `npm install` would put into a project: packages of this house out of their archives, and those of
 * others from where they are installed here, so that nothing is fetched.
 */
export async function installPacked(
  project: string,
  archives: ReadonlyMap<string, string>,
): Promise<void> {
  const modules = join(project, 'node_modules')
  await mkdir(join(modules, '.bin'), { recursive: true })
  const wanted = new Set<string>()
  const want = ({ dependencies = {}, devDependencies = {} }: Partial<Manifest>) => {
    for (const name of Object.keys({ ...dependencies, ...devDependencies })) wanted.add(name)
  }
  want(readManifest(project))
  for (const [name, archive] of archives) {
    const folder = join(modules, name)
    await mkdir(folder, { recursive: true })
    await run('tar', ['-xzf', archive, '--strip-components=1', '-C', folder])
    want({ dependencies: readManifest(folder).dependencies })
    await linkPrograms(folder, modules)
  }
  for (const name of wanted) {
    if (archives.has(name)) continue
    const from = await findInstalled(name)
    await mkdir(dirname(join(modules, name)), { recursive: true })
    await symlink(from, join(modules, name), 'dir')
    await linkPrograms(join(modules, name), modules)
  }
}

/** What `npm install` would put into a project, with this house's packages as they are built here. */
export async function installLinked(project: string): Promise<void> {
  const modules = join(project, 'node_modules')
  await mkdir(join(modules, '.bin'), { recursive: true })
  const house = new Map(publishedFolders().map((it) => [readManifest(it).name, it]))
  const { dependencies = {}, devDependencies = {} } = readManifest(project)
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    await mkdir(dirname(join(modules, name)), { recursive: true })
    await symlink(house.get(name) ?? (await findInstalled(name)), join(modules, name), 'dir')
    await linkPrograms(join(modules, name), modules)
  }
}

/** The generator by itself, as `npm create` runs it: the path of its program. */
export async function unpackGenerator(archive: string): Promise<string> {
  const folder = await temporaryFolder('generator')
  await run('tar', ['-xzf', archive, '--strip-components=1', '-C', folder])
  return join(folder, 'bin/create-plugin.js')
}

async function linkPrograms(folder: string, modules: string): Promise<void> {
  const { name, bin = {} } = readManifest(folder) as {
    name: string
    bin?: Manifest['bin'] | string
  }
  const programs = typeof bin === 'string' ? { [basename(name)]: bin } : bin
  for (const [program, file] of Object.entries(programs)) {
    await symlink(join(folder, file), join(modules, '.bin', program))
  }
}

/** Where a package of somebody else lies that a package of this house depends on. */
async function findInstalled(name: string): Promise<string> {
  const folders = [...publishedFolders(), join(root, 'test'), root]
  const found = folders.map((it) => join(it, 'node_modules', name)).find((it) => existsSync(it))
  if (!found) throw new Error(`${name} is installed nowhere in this house.`)
  return realpath(found)
}

/** An empty folder, removed when the calling file is done. */
export async function temporaryFolder(purpose: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `pointwell-${purpose}-`))
  atEndOfFile(() => rm(folder, { recursive: true, force: true }))
  return realpath(folder)
}
