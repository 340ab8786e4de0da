import { ApiFault } from './api-client.js'
import type { StepResult } from './import-state.js'
import type { StepKind } from './plan-import.js'

const REFUSAL = '... on Refusal { code message field }'

interface Operation {
  /** Answers with a list `results`, one for each item of `$input`. */
  readonly document: string
  readonly read: (result: unknown) => StepResult
}

/** What an import says to the public API. */
export const operations: Record<StepKind, Operation> = {
  register: {
    document: `mutation ImportMembers($input: [RegisterMemberInput!]!) {
      results: registerMembers(input: $input) {
        __typename ... on MemberRegistered { created } ${REFUSAL}
      }
    }`,
    read(result) {
      const read = readResult(result, () => 0)
      // Known already, with more or with something else said of it: all we want is that it is known.
      return read.refused && read.code === 'MEMBER_EXISTS' ? { points: 0 } : read
    },
  },
  purchase: {
    document: `mutation ImportPurchases($input: [RecordPurchaseInput!]!) {
      results: recordPurchases(input: $input) {
        __typename ... on PurchaseRecorded { points } ${REFUSAL}
      }
    }`,
    read: (result) => readResult(result, ({ points }) => points),
  },
  return: {
    document: `mutation ImportReturns($input: [ReturnPurchaseInput!]!) {
      results: returnPurchases(input: $input) {
        __typename ... on PurchaseReturned { points } ${REFUSAL}
      }
    }`,
    read: (result) => readResult(result, ({ points }) => points),
  },
}

function readResult(
  result: unknown,
  readPoints: (result: { points?: unknown }) => unknown,
): StepResult {
  const answer = result as { __typename?: string; code?: string; message?: string; field?: string }
  if (answer?.__typename === 'Refusal') {
    return {
      refused: true,
      code: String(answer.code),
      message: String(answer.message),
      field: answer.field ?? null,
    }
  }
  const points = readPoints(result as { points?: unknown })
  if (!Number.isSafeInteger(points)) {
    throw new ApiFault('no-api', `The server answered a ${answer?.__typename} without its points.`)
  }
  return { points: points as number }
}
