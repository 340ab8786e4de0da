import { readFile } from 'node:fs/promises'
import { type ApiClientOptions, openApiClient } from './api-client.js'

export interface ApplyPolicyOptions {
  /** Path of a policy document, as JSON. */
  readonly file: string
  /** The GraphQL endpoint. */
  readonly url: string
  readonly token: string
  /** From when on it is in force, ISO 8601; absent: at once. */
  readonly from?: string
  readonly note?: string
  readonly client?: Pick<ApiClientOptions, 'fetch'>
}

export type PolicyApplied =
  | { readonly applied: true; readonly version: number; readonly effectiveFrom: string }
  /** Not taken; the old policy stays in force. */
  | {
      readonly applied: false
      readonly faults: readonly { readonly path: string; readonly message: string }[]
    }

type Answer =
  | { __typename: 'PolicyUpdated'; policy: { version: number; effectiveFrom: string } }
  | { __typename: 'PolicyInvalid'; faults: { path: string; message: string }[] }
  | { __typename: 'Refusal'; code: string; message: string; field: string | null }

export const POLICY_DOCUMENT = `mutation ApplyPolicy($input: UpdatePolicyInput!) {
  updatePolicy(input: $input) {
    __typename
    ... on PolicyUpdated { policy { version effectiveFrom } }
    ... on PolicyInvalid { faults { path message } }
    ... on Refusal { code message field }
  }
}`

/**
 * Puts a policy document in force through the public API. Asked once: a second try would make a
 * second version of a policy that was taken already.
 */
export async function applyPolicy(options: ApplyPolicyOptions): Promise<PolicyApplied> {
  const document = await readDocument(options.file)
  const client = openApiClient({
    url: options.url,
    token: options.token,
    patienceMs: 0,
    ...options.client,
  })
  const { updatePolicy: answer } = await client.request<{ updatePolicy: Answer }>(POLICY_DOCUMENT, {
    input: {
      document,
      ...(options.from === undefined ? {} : { effectiveFrom: options.from }),
      ...(options.note === undefined ? {} : { note: options.note }),
    },
  })
  switch (answer.__typename) {
    case 'PolicyUpdated':
      return { applied: true, ...answer.policy }
    case 'PolicyInvalid':
      return { applied: false, faults: answer.faults }
    case 'Refusal': {
      const message = `${answer.code}: ${answer.message}`
      return { applied: false, faults: [{ path: answer.field ?? '', message }] }
    }
  }
}

async function readDocument(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`${path} is no JSON: ${(error as Error).message}`)
  }
}
