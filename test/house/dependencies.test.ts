import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'

const read = (file: string) => readFile(new URL(`../../${file}`, import.meta.url), 'utf8')

describe('dependencies', () => {
  it('are in the catalog with an exact version and in the decisions with a reason', async () => {
    const catalog =
      (await read('pnpm-workspace.yaml')).match(/^catalog:\n((?: {2}.*\n)+)/m)?.[1] ?? ''
    const versions = [...catalog.matchAll(/^ {2}'?([@\w./-]+?)'?: (.+)$/gm)]
    expect(versions.length).toBeGreaterThan(30)
    expect(
      versions.filter(([, , version = '']) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)),
    ).toEqual([])

    const reasons = new Set(
      [...(await read('docs/decisions/dependencies.md')).matchAll(/`([@\w./-]+)`/g)].map(
        ([, name]) => name,
      ),
    )
    expect(versions.map(([, name]) => name).filter((name) => !reasons.has(name))).toEqual([])
  })

  it.each([
    'graphql',
    'typeorm',
    'type-graphql',
    'reflect-metadata',
    'class-validator',
    'mysql2',
    'fast-check',
  ])('hold one copy of %s', async (name) => {
    const snapshots = (await read('pnpm-lock.yaml')).split(/^snapshots:$/m)[1] ?? ''
    const copies = snapshots.match(new RegExp(`^ {2}'?${name}@.*:`, 'gm')) ?? []
    expect(copies).toHaveLength(1)
  })

  it('come from whatever registry npm is told to use: the lock file names none', async () => {
    expect(await read('pnpm-lock.yaml')).not.toMatch(/https?:\/\//)
  })
})
