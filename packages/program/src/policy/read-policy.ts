import { readBySchema } from '@pointwell/plugin'
import type { ZodError, ZodType } from 'zod'
import { checkBehaviours } from '../caps/check-behaviours.js'
import { checkReferences, type PolicyFault } from './check-references.js'
import { findUnknownKeys } from './find-unknown-keys.js'
import {
  type PolicyDocument,
  type PolicyPlugins,
  policyJsonSchema,
  policySchema,
} from './policy-document.js'

/** One fault of a document: where (`tiers.levels.1.threshold`, empty for the whole) and what. */
export interface DocumentFault {
  readonly path: string
  readonly message: string
}

export type PolicyReading =
  | { readonly document: PolicyDocument; readonly faults?: undefined }
  | { readonly document?: undefined; readonly faults: readonly DocumentFault[] }

/** Reads documents for a server with these plugins: whole and valid, or every fault with its path. */
export function openPolicyReader(plugins: PolicyPlugins): (document: unknown) => PolicyReading {
  const schema = policySchema(plugins)
  const shape = policyJsonSchema(plugins)
  return (document) => {
    const reading = readBySchema(schema, document)
    const faults = reading.success ? [] : faultsOf(reading.error)
    const sections = reading.success ? reading.data : soundSections(schema.shape, document)
    const references = [
      ...checkReferences(sections as Partial<PolicyDocument>),
      ...checkBehaviours(sections as Partial<PolicyDocument>, plugins.sources),
      ...checkKindsNamed(sections, document),
    ]
    for (const { path, message } of references) {
      faults.push(fault(path, message))
    }
    // A plugin's schema may be one that drops what it does not know: a typing error would pass.
    const known = new Set(faults.map(({ path }) => path))
    for (const path of findUnknownKeys(shape, document)) {
      if (!known.has(path)) faults.push({ path, message: 'There is no such setting.' })
    }
    if (faults.length > 0 || !reading.success) return { faults }
    return { document: reading.data as PolicyDocument }
  }
}

/** Kinds that sources name, where the section has a fault of its own and could not be read whole. */
function checkKindsNamed(read: Partial<PolicyDocument>, document: unknown): PolicyFault[] {
  const { kinds } = read
  const { sources } = (document ?? {}) as { sources?: unknown }
  if (!kinds || read.sources || typeof sources !== 'object' || sources === null) return []
  return Object.entries(sources).flatMap(([id, source]) => {
    const kind = (source as { kind?: unknown } | null)?.kind
    if (typeof kind !== 'string' || Object.hasOwn(kinds, kind)) return []
    return [{ path: ['sources', id, 'kind'], message: `There is no kind ${kind}.` }]
  })
}

/** Those sections of a faulty document that can be read by themselves. */
function soundSections(shape: Readonly<Record<string, ZodType>>, document: unknown): object {
  if (typeof document !== 'object' || document === null) return {}
  const given = document as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    Object.entries(shape).flatMap(([name, section]) => {
      const reading = readBySchema(section, given[name])
      return reading.success ? [[name, reading.data]] : []
    }),
  )
}

function faultsOf(error: ZodError): DocumentFault[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => fault([...issue.path, key], 'There is no such setting.'))
    }
    return [fault(issue.path, issue.message)]
  })
}

function fault(path: readonly PropertyKey[], message: string): DocumentFault {
  return { path: path.map(String).join('.'), message }
}
