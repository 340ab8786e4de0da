import type { RequestContext } from '@pointwell/plugin'
import type { Program } from '../open-program.js'
import { openProgramFacts, type ProgramFacts } from './program-context.js'

/**
 * The GraphQL context of one request: what the gateway knows of it, and what the programme's and the
 * plugins' resolvers read with. Made anew for each request, so that nothing read for one is shown in
 * another.
 */
export function openProgramContext<Facts extends Omit<RequestContext, 'program'>>(
  program: Program,
  facts: Facts,
): Facts & ProgramFacts {
  const { language } = facts
  return { ...facts, ...openProgramFacts(program, { language, now: () => facts.now() }) }
}
