// Who may import whom. `npm run check` and `npm test` both hold the sources to these rules;
// test/house/import-rules.test.ts also holds the rules to their word.
import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** What each package may import of this house; what is `types` may be imported as types only. */
const house = {
  'packages/ledger': {},
  'packages/economy': {},
  'packages/client': {},
  'packages/create-plugin': {},
  'packages/plugin': { types: ['packages/ledger'] },
  'packages/program': { values: ['packages/ledger', 'packages/economy', 'packages/plugin'] },
  'packages/gateway': {
    values: ['packages/program', 'packages/ledger'],
    types: ['packages/plugin'],
  },
  'plugins/[^/]+': { values: ['packages/plugin'] },
}

const TEST = '[.]test[.]ts$'
/** What a page runs may import; the hooks alone know React, so that whoever has another need not install it. */
const HOOKS = '^packages/client/src/react/'
const clientInAPage = [
  {
    name: 'client-runs-in-a-page',
    comment: 'What a page loads is the client and its socket: no Node, no schema library.',
    severity: 'error',
    from: { path: '^packages/client/src/', pathNot: TEST },
    to: { pathNot: ['^packages/client/', '(^|/)graphql-ws(/|$)', '(^|/)(@types/)?react(/|$)'] },
  },
  {
    name: 'react-in-hooks-alone',
    comment: 'The client without its hooks needs no React.',
    severity: 'error',
    from: { path: '^packages/client/src/', pathNot: [TEST, HOOKS] },
    to: { path: ['(^|/)(@types/)?react(/|$)', HOOKS] },
  },
]
const webApps = {
  name: 'web-apps-import-client-alone',
  comment: 'What runs in a browser asks the server as everybody does: over @pointwell/client.',
  severity: 'error',
  from: { path: '^apps/', pathNot: '^apps/server/' },
  to: { path: '^(packages|plugins)/', pathNot: '^packages/client/' },
}
/** Where a schema's types are classes, they come through a door of their own, and count as types. */
const GRAPHQL_DOOR = 'src/graphql/index[.]ts$'
const members = '(packages|plugins|apps|test)'
/** A test may stand beside what it tests and still take its databases from here. */
const testSupport = '^test/support/'

const whoMayImportWhom = Object.entries(house).flatMap(([folder, { values = [], types = [] }]) => {
  const itself = folder.startsWith('plugins/') ? '^plugins/$1/' : `^${folder}/`
  const from = { path: `^${folder.replace('[^/]+', '([^/]+)')}/` }
  const name = folder.replace('/[^/]+', '').replace('packages/', '')
  return [
    {
      name: `${name}-imports-only-its-own`,
      comment: `${folder} may import ${[...values, ...types.map((type) => `types of ${type}`)].join(', ') || 'nothing else of this house'}.`,
      severity: 'error',
      from: { ...from, pathNot: TEST },
      to: {
        path: `^${members}/`,
        pathNot: [itself, ...[...values, ...types].map((other) => `^${other}/`)],
      },
    },
    {
      name: `${name}-tests-import-only-its-own`,
      comment: 'A test beside its source sees what the source sees, and test/support.',
      severity: 'error',
      from: { path: `${from.path}.*${TEST}` },
      to: {
        path: `^${members}/`,
        pathNot: [itself, testSupport, ...[...values, ...types].map((other) => `^${other}/`)],
      },
    },
    ...types.map((type) => ({
      name: `${name}-imports-types-only`,
      comment: `${folder} may take types of ${type}, and no code: \`import type\`, or its GraphQL types.`,
      severity: 'error',
      from: { ...from, pathNot: TEST },
      to: {
        path: `^${type}/`,
        pathNot: `^${type}/${GRAPHQL_DOOR}`,
        dependencyTypesNot: ['type-only'],
      },
    })),
  ]
})

const contractWithoutGraphql = {
  name: 'plugin-contract-loads-no-ledger',
  comment: 'Only the GraphQL side of the contract brings the GraphQL types of the ledger with it.',
  severity: 'error',
  from: { path: '^packages/plugin/', pathNot: ['^packages/plugin/src/graphql/', TEST] },
  to: { path: '^packages/ledger/', dependencyTypesNot: ['type-only'] },
}

/** The conformance kit, and what it is made with: for tests alone. */
const KIT = '^packages/plugin/src/testing/'
const kitInTestsAlone = {
  name: 'conformance-kit-in-tests-alone',
  comment: 'What runs in production has no test runner: only tests load the conformance kit.',
  severity: 'error',
  from: { path: `^${members}/`, pathNot: [TEST, KIT, '^test/'] },
  to: { path: KIT },
}

/** The doors of each package: the sources that its `exports` name. */
const doors = ['packages', 'plugins', 'apps'].flatMap((folder) =>
  (existsSync(folder) ? readdirSync(folder) : []).flatMap((name) => {
    const manifest = `${folder}/${name}/package.json`
    if (!existsSync(manifest)) return []
    return Object.values(JSON.parse(readFileSync(manifest, 'utf8')).exports ?? {})
      .map((target) => target.source)
      .filter(Boolean)
      .map((source) => `^${folder}/${name}/${source.slice('./'.length).replaceAll('.', '[.]')}$`)
  }),
)

export default {
  forbidden: [
    ...whoMayImportWhom,
    ...clientInAPage,
    webApps,
    contractWithoutGraphql,
    kitInTestsAlone,
    {
      name: 'no-import-of-an-app',
      comment: 'An app is where things are put together; only the tests of the whole import one.',
      severity: 'error',
      from: { path: '^(packages|plugins|apps)/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^$1/$2/' },
    },
    {
      name: 'no-deep-import',
      comment: 'A package is entered through its `exports`.',
      severity: 'error',
      from: { path: '^(packages|plugins|apps)/([^/]+)/' },
      to: { path: '^(packages|plugins|apps)/', pathNot: ['^$1/$2/', ...doors] },
    },
    {
      name: 'no-deep-import-from-test',
      comment: 'The tests of the whole enter a package through its `exports`, like everyone.',
      severity: 'error',
      from: { path: '^test/' },
      to: { path: '^(packages|plugins|apps)/', pathNot: doors },
    },
    {
      name: 'no-cycle',
      comment:
        'Nothing that runs goes round in a circle. Types may: two entities that know each other.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unknown',
      comment: 'Every import leads somewhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dev-dependency-at-run-time',
      comment: 'What runs in production is in `dependencies`.',
      severity: 'error',
      from: { path: '^(packages|plugins|apps)/[^/]+/src/', pathNot: [TEST, KIT] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm-peer'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // What a generator writes is held to the rules where it is written.
    exclude: { path: '/dist/|^packages/create-plugin/templates/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      mainFields: ['main', 'types'],
    },
  },
}
