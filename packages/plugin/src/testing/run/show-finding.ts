import type { Finding } from './finding.js'

const MOST_CHARACTERS = 4_000

/** A finding as a test's message. */
export function showFinding(plugin: string, { check, fault, example }: Finding): string {
  const shown = example === undefined ? '' : `\nSeen with: ${showExample(example)}`
  return `${plugin} does not keep to ${check}: ${fault}.${shown}`
}

function showExample(example: unknown): string {
  try {
    return (JSON.stringify(example, asJson, 2) ?? String(example)).slice(0, MOST_CHARACTERS)
  } catch {
    return 'something that cannot be shown'
  }
}

function asJson(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' || Number.isNaN(value) ? String(value) : value
}
