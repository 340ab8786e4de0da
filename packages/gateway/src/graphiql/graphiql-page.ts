import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)

const REACT = require.resolve('react/package.json')
const REACT_DOM = require.resolve('react-dom/package.json')
const GRAPHIQL = require.resolve('graphiql/package.json')

/** What the page loads, from packages on this machine and from no other host. */
const ASSETS: ReadonlyMap<string, readonly [beside: string, file: string, type: string]> = new Map([
  ['react.js', [REACT, 'umd/react.production.min.js', 'text/javascript']],
  ['react-dom.js', [REACT_DOM, 'umd/react-dom.production.min.js', 'text/javascript']],
  ['graphiql.js', [GRAPHIQL, 'graphiql.min.js', 'text/javascript']],
  ['graphiql.css', [GRAPHIQL, 'graphiql.min.css', 'text/css']],
])

/** An asset of the page, undefined when there is none of that name. */
export async function findGraphiqlAsset(
  name: string,
): Promise<{ body: Buffer; type: string } | undefined> {
  const asset = ASSETS.get(name)
  if (!asset) return undefined
  const [beside, file, type] = asset
  return { body: await readFile(join(dirname(beside), file)), type: `${type}; charset=utf-8` }
}

/** The page; headers typed into its editor go with queries and, as connection parameters, with
 * subscriptions. */
export const GRAPHIQL_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Pointwell</title>
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/graphiql/graphiql.css">
<style>body { margin: 0 } #graphiql { height: 100vh }</style>
</head>
<body>
<div id="graphiql"></div>
<script src="/graphiql/react.js"></script>
<script src="/graphiql/react-dom.js"></script>
<script src="/graphiql/graphiql.js"></script>
<script>
const fetcher = GraphiQL.createFetcher({
  url: '/graphql',
  subscriptionUrl: location.origin.replace(/^http/, 'ws') + '/graphql',
})
ReactDOM.createRoot(document.getElementById('graphiql')).render(
  React.createElement(GraphiQL, {
    fetcher,
    isHeadersEditorEnabled: true,
    shouldPersistHeaders: true,
    defaultQuery: '# Who are you? Below, under Headers: { "authorization": "Bearer <token>" }\\n{ me { id wallet { balance { available } } } }\\n',
  }),
)
</script>
</body>
</html>
`
