import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CannotCreate } from './cannot-create.js'
import { createPlugin } from './create-plugin.js'
import { describeCreated } from './describe-created.js'
import { readArguments } from './read/read-arguments.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const NOW = 1_780_000_000_000

let cwd: string
beforeEach(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'create-plugin-')))
})
afterEach(() => rmSync(cwd, { recursive: true, force: true }))

const create = (...args: string[]) => createPlugin(readArguments(args), { cwd, now: NOW })
const everything = () => (readdirSync(cwd, { recursive: true }) as string[]).sort()

/** What of the repository lists plugins. */
const HOUSE = [
  'package.json',
  'pnpm-workspace.yaml',
  'tsconfig.json',
  'schema.graphql',
  'apps/server/package.json',
  'apps/server/tsconfig.json',
  'apps/server/src/pointwell.config.ts',
]

function copyHouse(): void {
  for (const file of HOUSE) {
    mkdirSync(dirname(join(cwd, file)), { recursive: true })
    cpSync(join(root, file), join(cwd, file))
  }
}

const read = (file: string) => readFileSync(join(cwd, file), 'utf8')

describe('G6: what is refused, with nothing written', () => {
  it.each<[what: string, args: string[], says: RegExp]>([
    ['no kind', [], /^Expected a kind of plugin, earn, redeem, risk or notify\.$/],
    ['another kind', ['win', 'newsletter'], /^Expected a kind of plugin, .*not win\.$/],
    ['a kind of JavaScript’s own', ['constructor', 'x'], /^Expected a kind of plugin/],
    ['no name', ['earn'], /^Expected a name/],
    ['an empty name', ['earn', ''], /^Expected a name/],
    ['capitals', ['earn', 'Newsletter'], /^Expected lower-case words/],
    ['camel case', ['earn', 'dailyQuiz'], /^Expected lower-case words/],
    ['an underscore', ['earn', 'daily_quiz'], /^Expected lower-case words/],
    ['a hyphen at its end', ['earn', 'daily-'], /^Expected lower-case words/],
    ['two hyphens', ['earn', 'daily--quiz'], /^Expected lower-case words/],
    ['a digit first', ['earn', '1-day'], /^Expected lower-case words/],
    ['letters of other scripts', ['earn', '签到'], /^Expected lower-case words/],
    ['a space', ['earn', 'daily quiz'], /^Expected lower-case words/],
    ['a path', ['earn', '../newsletter'], /^Expected a name and no path/],
    ['a path of Windows', ['earn', 'a\\b'], /^Expected a name and no path/],
    ['the folder above', ['earn', '..'], /^Expected a name and no path/],
    ['41 characters', ['earn', 'a'.repeat(41)], /at most 40 characters, not 41/],
    ['the kind again', ['earn', 'earn-newsletter'], /by itself: earn newsletter/],
    ['a plugin that is shipped', ['redeem', 'coupon'], /^The name coupon is taken/],
    ['a word of the programme’s', ['earn', 'ledger'], /^The name ledger is taken/],
    ['something of JavaScript’s own', ['earn', '__proto__'], /^Expected lower-case words/],
    ['a third word', ['earn', 'daily', 'quiz'], /^Expected a kind and a name, and no quiz/],
    ['an option that there is not', ['earn', 'quiz', '--fast'], /--fast/],
    ['a title that ends a text', ['earn', 'quiz', '--title', "It's"], /^--title: /],
    ['a title of two lines', ['earn', 'quiz', '--title-zh', '问\n答'], /^--title-zh: /],
    ['a title as long as a story', ['earn', 'quiz', '--title', 'a'.repeat(61)], /^--title: /],
    ['the house’s option elsewhere', ['earn', 'quiz', '--no-register'], /repository/],
    ['packages from a folder without any', ['earn', 'quiz', '--packages', '.'], /no packages/],
    // The generator of the repository, which does not know versions.
    [
      'the repository’s own generator elsewhere',
      ['earn', 'quiz'],
      /npm run pack -- DIR.*create-plugin earn quiz --packages DIR$/s,
    ],
  ])('%s', (_, args, says) => {
    let fault: unknown
    try {
      create(...args)
    } catch (thrown) {
      fault = thrown
    }
    expect(fault).toBeInstanceOf(CannotCreate)
    expect((fault as Error).message).toMatch(says)
    expect(everything()).toEqual([])
  })

  it('a folder that is there, in the repository too', () => {
    mkdirSync(join(cwd, 'earn-quiz'))
    expect(() => create('earn', 'quiz')).toThrow('is there already')
    copyHouse()
    mkdirSync(join(cwd, 'plugins/earn-quiz'), { recursive: true })
    const before = everything()
    expect(() => create('earn', 'quiz')).toThrow('plugins/earn-quiz is there already.')
    expect(everything()).toEqual(before)
  })

  it('names that the schema has', () => {
    copyHouse()
    writeFileSync(join(cwd, 'schema.graphql'), 'type QuizRecorded {\n  recordQuiz(\n}\n')
    const before = everything()
    expect(() => create('earn', 'quiz')).toThrow('has QuizRecorded, recordQuiz already')
    expect(everything()).toEqual(before)
  })

  it('a house that looks otherwise: no file of it is touched', () => {
    copyHouse()
    const config = 'apps/server/src/pointwell.config.ts'
    writeFileSync(join(cwd, config), 'export default { plugins: makeThem() }\n')
    const before = HOUSE.map(read)
    expect(() => create('earn', 'quiz')).toThrow('--no-register')
    expect(HOUSE.map(read)).toEqual(before)
    expect(existsSync(join(cwd, 'plugins'))).toBe(false)
    expect(create('earn', 'quiz', '--no-register').name).toBe('earn-quiz')
  })

  it('what fails half-way is taken back', () => {
    copyHouse()
    // Where the changeset would go there is no folder to be had.
    writeFileSync(join(cwd, '.changeset'), '')
    const before = HOUSE.map(read)
    expect(() => create('earn', 'quiz')).toThrow()
    expect(readdirSync(join(cwd, 'plugins'))).toEqual([])
    expect(HOUSE.map(read)).toEqual(before)
  })
})

describe('G6: elsewhere', () => {
  const made = {
    name: 'earn-quiz',
    folder: '/somewhere/earn-quiz',
    edited: [],
    repository: undefined,
    lacksChinese: false,
  }

  it('says what to do where the registry has no Pointwell', () => {
    const said = describeCreated({ ...made, fromRegistry: true }, '/somewhere')
    expect(said).toMatch(/E404.*npm run pack -- DIR.*remove earn-quiz.*--packages DIR/s)
  })

  it('says nothing of a registry where the packages were given', () => {
    const said = describeCreated({ ...made, fromRegistry: false }, '/somewhere')
    expect(said).toContain('cd earn-quiz')
    expect(said).not.toContain('E404')
  })
})

describe('G6: in the repository', () => {
  beforeEach(copyHouse)

  it('a source is there, with a changeset, and in every list of the server', () => {
    const created = create(
      'earn',
      'daily-quiz',
      '--title',
      'Quiz of the day',
      '--title-zh',
      '每日问答',
    )
    expect(created).toMatchObject({ name: 'earn-daily-quiz', repository: cwd, lacksChinese: false })
    expect(everything().filter((it) => it.startsWith('plugins/earn-daily-quiz/'))).toEqual(
      [
        'README.md',
        'package.json',
        'src',
        'src/daily-quiz-event.ts',
        'src/daily-quiz-settings.ts',
        'src/daily-quiz-words.ts',
        'src/decide-daily-quiz.ts',
        'src/earn-daily-quiz.test.ts',
        'src/earn-daily-quiz.ts',
        'src/graphql',
        'src/graphql/daily-quiz-result.ts',
        'src/graphql/daily-quiz.resolver.ts',
        'src/graphql/record-daily-quiz.input.ts',
        'src/index.ts',
        'tsconfig.json',
      ].map((it) => `plugins/earn-daily-quiz/${it}`),
    )
    expect(read('plugins/earn-daily-quiz/src/daily-quiz-words.ts')).toContain(
      "{ en: 'Quiz of the day', zh: '每日问答' }",
    )
    expect(JSON.parse(read('plugins/earn-daily-quiz/package.json'))).toMatchObject({
      name: '@pointwell/earn-daily-quiz',
      dependencies: { '@pointwell/plugin': 'workspace:*', zod: 'catalog:' },
    })
    expect(read('.changeset/earn-daily-quiz.md')).toMatch(
      /^---\n'@pointwell\/earn-daily-quiz': minor\n'@pointwell\/server': minor\n---\n\n.*Quiz of the day/,
    )
    const server = JSON.parse(read('apps/server/package.json'))
    expect(server.dependencies['@pointwell/earn-daily-quiz']).toBe('workspace:*')
    const names = Object.keys(server.dependencies)
    expect(names).toEqual(names.toSorted())
    expect(JSON.parse(read('apps/server/tsconfig.json')).references.at(-1)).toEqual({
      path: '../../plugins/earn-daily-quiz',
    })
    const { references } = JSON.parse(read('tsconfig.json'))
    expect(references.slice(-2)).toEqual([
      { path: 'plugins/earn-daily-quiz' },
      { path: 'apps/server' },
    ])
    const config = read('apps/server/src/pointwell.config.ts')
    expect(config).toContain(
      "import { earnDailyQuiz } from '@pointwell/earn-daily-quiz'\nimport { purchase }",
    )
    expect(config).toMatch(/\n {4}redeemPartner,\n {4}earnDailyQuiz,\n {2}\],\n/)
    expect(describeCreated(created, cwd)).toContain('apps/server/src/pointwell.config.ts')
  })

  it('a channel has a table with a migration of its own', () => {
    create('redeem', 'free-parking')
    const migration = read(
      'plugins/redeem-free-parking/src/store/create-free-parking-voucher.migration.ts',
    )
    expect(migration).toContain(`readonly name = 'CreateFreeParkingVoucher${NOW}'`)
    expect(migration).toContain("name: 'free_parking_voucher'")
    const all = everything().filter((it) => it.startsWith('plugins/'))
    for (const file of all.filter((it) => /\.\w+$/.test(it))) {
      expect(file).not.toMatch(/my-plugin/)
      expect(read(file)).not.toMatch(/my.?plugin/i)
    }
  })

  it('a risk rule has neither fields nor tables, and is in every list of the server', () => {
    create('risk', 'velocity', '--title', 'Too fast', '--title-zh', '过快')
    const all = everything().filter((it) => it.startsWith('plugins/risk-velocity/'))
    expect(all.filter((it) => /\.\w+$/.test(it))).toEqual(
      [
        'README.md',
        'package.json',
        'src/assess-velocity.ts',
        'src/index.ts',
        'src/risk-velocity.test.ts',
        'src/risk-velocity.ts',
        'src/velocity-settings.ts',
        'src/velocity-words.ts',
        'tsconfig.json',
      ].map((it) => `plugins/risk-velocity/${it}`),
    )
    for (const file of all.filter((it) => /\.\w+$/.test(it))) {
      expect(read(file)).not.toMatch(/my.?plugin/i)
    }
    expect(read('plugins/risk-velocity/src/velocity-words.ts')).toContain(
      "{ en: 'Too fast', zh: '过快' }",
    )
    expect(JSON.parse(read('plugins/risk-velocity/package.json'))).toMatchObject({
      description: 'Risk rule: Too fast',
      dependencies: { '@pointwell/plugin': 'workspace:*', zod: 'catalog:' },
    })
    expect(read('.changeset/risk-velocity.md')).toMatch(/Too fast.*`rules\.velocity`/)
    expect(read('apps/server/src/pointwell.config.ts')).toMatch(/\n {4}riskVelocity,\n {2}\],\n/)
  })

  it('a notifier needs nothing but the contract and a schema', () => {
    create('notify', 'pigeon-post')
    expect(JSON.parse(read('plugins/notify-pigeon-post/package.json'))).toMatchObject({
      description: 'Tell members: Pigeon post',
      dependencies: { '@pointwell/plugin': 'workspace:*', zod: 'catalog:' },
    })
    expect(read('.changeset/notify-pigeon-post.md')).toContain('tells members')
    expect(read('apps/server/src/pointwell.config.ts')).toContain('    notifyPigeonPost,\n')
  })

  it('one after the other, and from any folder of the repository', () => {
    create('earn', 'quiz')
    const below = join(cwd, 'apps/server/src')
    createPlugin(readArguments(['redeem', 'parking']), { cwd: below, now: NOW })
    const config = read('apps/server/src/pointwell.config.ts')
    expect(config).toMatch(/\n {4}earnQuiz,\n {4}redeemParking,\n {2}\],\n/)
    expect(readdirSync(join(cwd, 'plugins')).sort()).toEqual(['earn-quiz', 'redeem-parking'])
  })

  it('without a place in the server’s list, where that is asked for', () => {
    const before = HOUSE.map(read)
    create('earn', 'quiz', '--no-register')
    expect(
      HOUSE.map(read).map((text, place) => (text === before[place] ? '' : HOUSE[place])),
    ).toEqual(HOUSE.map((file) => (file === 'tsconfig.json' ? file : '')))
    expect(read('.changeset/earn-quiz.md')).not.toContain('server')
  })
})
