import { runInWaves } from '@pointwell/ledger'
import type { Language, OperatorRole, Viewer } from '@pointwell/plugin'
import { badUserInput, forbidden, refusalRegistry } from '@pointwell/plugin/graphql'
import { openProgramContext, PROGRAM_RESOLVERS } from '@pointwell/program'
import { type GraphQLError, type GraphQLSchema, graphql } from 'graphql'
import { buildSchemaSync, type NonEmptyArray } from 'type-graphql'
import type { TestProgram } from './test-program.js'

export const viewerOf = {
  member: (subject: string): Viewer => ({ kind: 'member', subject, expiresAt: Infinity }),
  storefront: { kind: 'storefront', subject: 'web', expiresAt: Infinity } as Viewer,
  operator: (...roles: OperatorRole[]): Viewer => ({
    kind: 'operator',
    subject: 'rosa',
    roles,
    expiresAt: Infinity,
  }),
}

let built: { readonly schema: GraphQLSchema; readonly codes: number } | undefined

/** The programme's own part of the schema. Ask for it once a programme is open: the enum of refusals
 * is made of what was registered by then. */
export function programSchema(): GraphQLSchema {
  const codes = refusalRegistry().size
  if (built?.codes !== codes) {
    const resolvers = PROGRAM_RESOLVERS as unknown as NonEmptyArray<() => void>
    built = { schema: buildSchemaSync({ resolvers, validate: false }), codes }
  }
  return built.schema
}

// biome-ignore lint/suspicious/noExplicitAny: answers of any shape
export type Data = any

export interface ProgramRequest {
  /** Default: an operator with every right. Access is the gateway's; here everybody may everything
   * that the resolvers let them. */
  viewer?: Viewer
  language?: Language
  address?: string | null
  variables?: Record<string, unknown>
}

/** One operation over the programme's own resolvers, as the gateway would run it. */
export async function askProgram(
  { program, time }: TestProgram,
  source: string,
  {
    viewer = viewerOf.operator('admin'),
    language = 'en',
    variables = {},
    address = null,
  }: ProgramRequest = {},
): Promise<{ data: Data; errors: readonly GraphQLError[] | undefined }> {
  const contextValue = openProgramContext(program, {
    viewer,
    language,
    address,
    now: () => time.now,
    actingFor: (memberId) => actingFor(viewer, memberId),
  })
  const run = () =>
    graphql({ schema: programSchema(), source, contextValue, variableValues: variables })
  const answer = await (/^\s*mutation\b/.test(source) ? run() : runInWaves(run))
  return { data: answer.data, errors: answer.errors }
}

/** The answer's data; throws the first error. */
export async function dataOf(
  test: TestProgram,
  source: string,
  request?: ProgramRequest,
): Promise<Data> {
  const { data, errors } = await askProgram(test, source, request)
  if (errors) throw errors[0]
  return data
}

/** The only error of an operation: its code and field. */
export async function faultOf(test: TestProgram, source: string, request?: ProgramRequest) {
  const { errors = [] } = await askProgram(test, source, request)
  if (errors.length !== 1) throw new Error(`one error was expected, not ${errors.length}`)
  return errors[0]!.extensions
}

function actingFor(viewer: Viewer, memberId: string | null | undefined): string {
  if (viewer.kind === 'member') {
    if (memberId && memberId !== viewer.subject) throw forbidden()
    return viewer.subject
  }
  if (!memberId) throw badUserInput('Say which member.', { field: 'memberId' })
  return memberId
}
