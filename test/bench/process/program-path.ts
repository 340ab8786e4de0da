import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** `programs/NAME.js`. Started from the sources (in a test) it is still the built one that runs: Node runs
 * no TypeScript. */
export function programPath(name: string): string {
  const built = [`../programs/${name}.js`, `../../dist/bench/programs/${name}.js`]
  const paths = built.map((path) => fileURLToPath(new URL(path, import.meta.url)))
  const path = paths.find((path) => existsSync(path))
  if (path === undefined) throw new Error(`${name} is not built: run this by \`npm run bench\`.`)
  return path
}
