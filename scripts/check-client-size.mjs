// What the client weighs on a page: each of its doors bundled, minified, and packed by Brotli as servers
// send it, without React, and held to a budget. Wants the packages built. The figures stand in the README
// of the package; `--write` puts those of today there.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'

const folder = fileURLToPath(new URL('../packages/client/', import.meta.url))
const readme = join(folder, 'README.md')
const write = process.argv.includes('--write')

/** What a page takes of it, and the most that this may weigh, in bytes. */
const BUDGETS = [
  {
    title: '`createPointwellClient`: requests and a live balance',
    code: "export { createPointwellClient } from '@pointwell/client'",
    bytes: 6_500,
  },
  {
    // What a page pays for a document is its own text: none of the others comes along.
    title: 'the same with one document besides, `PlayGameDocument`',
    code: "export { createPointwellClient, PlayGameDocument } from '@pointwell/client'",
    bytes: 6_800,
  },
  {
    title: 'the same with every document of the package',
    code: "export * from '@pointwell/client'",
    bytes: 9_000,
  },
  {
    title: '`createPointwellClient` and all hooks',
    code: "export { createPointwellClient } from '@pointwell/client'; export * from '@pointwell/client/react'",
    bytes: 9_500,
  },
  {
    title: '`useBalance` alone, over a client that is there',
    code: "export { PointwellProvider, useBalance } from '@pointwell/client/react'",
    bytes: 1_200,
  },
]

const rows = await Promise.all(
  BUDGETS.map(async ({ title, code, bytes }) => {
    const { outputFiles } = await build({
      stdin: { contents: code, resolveDir: folder },
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      target: 'es2022',
      external: ['react'],
    })
    const { contents } = outputFiles[0]
    return { title, bytes, minified: contents.length, packed: brotliCompressSync(contents).length }
  }),
)

const kb = (bytes) => `${(bytes / 1_000).toFixed(1)} kB`
const table = rows
  .map(
    ({ title, minified, packed, bytes }) =>
      `| ${title} | ${kb(minified)} | ${kb(packed)} | ${kb(bytes)} |`,
  )
  .join('\n')
const text = readFileSync(readme, 'utf8')
const place = /(?<=<!-- sizes -->\n)[\s\S]*(?=<!-- \/sizes -->)/
if (!place.test(text)) throw new Error(`${readme} has no place for the sizes.`)
const head = '| on a page | minified | with Brotli | budget |\n|---|---|---|---|'
const shown = text.replace(place, () => `${head}\n${table}\n`)
const heavy = rows.filter(({ packed, bytes }) => packed > bytes)
for (const { title, packed, bytes } of heavy) {
  console.error(`${title}: ${packed} bytes, and the budget is ${bytes}.`)
}

/** Another Node packs a little differently: that makes no figure wrong. */
const NEAR_KB = 0.15
const figuresOf = (shownText) =>
  [...shownText.matchAll(/([\d.]+) kB/g)].map(([, figure]) => Number(figure))
const before = figuresOf(text)
const today = figuresOf(shown)
const isCurrent =
  before.length === today.length && before.every((it, n) => Math.abs(it - today[n]) < NEAR_KB)
if (write && !isCurrent) {
  writeFileSync(readme, shown)
  console.error('Wrote packages/client/README.md.')
} else if (!isCurrent) {
  console.error('packages/client/README.md has other sizes than today: npm run check -- --fix')
}
if (heavy.length > 0 || (!isCurrent && !write)) process.exitCode = 1
else console.error(table)
