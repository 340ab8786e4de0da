import { DateTimeScalar, JsonScalar } from '@pointwell/plugin/graphql'
import { Arg, Ctx, createUnionType, Extensions, Query, Resolver } from 'type-graphql'
import { COST_READERS } from '../context/access.js'
import type { ProgramContext } from '../context/program-context.js'
import { PolicyInvalidType, policyInvalidType } from '../policy/policy.object.js'
import { OldLotsPreviewType, oldLotsPreviewType } from './old-lots.object.js'

const PreviewOldLotsResult = createUnionType({
  name: 'PreviewOldLotsResult',
  description: 'What it would do, or what is wrong with the document.',
  types: () => [OldLotsPreviewType, PolicyInvalidType] as const,
  resolveType: (value) => value.constructor as never,
})

@Resolver()
export class OldLotsResolver {
  @Extensions({ access: COST_READERS })
  @Query(() => PreviewOldLotsResult, {
    description:
      'What a new version of the policy would do to the points that members have: for an operator who switches expiry on, changes terms, or moves the last day of old lots. Nothing is written. It reads every lot with points in it: some seconds for 100,000 of them.',
  })
  async previewOldLots(
    @Ctx() { program }: ProgramContext,
    @Arg('document', () => JsonScalar, {
      description: 'The whole document, as for `updatePolicy`.',
    })
    document: unknown,
    @Arg('effectiveFrom', () => DateTimeScalar, {
      nullable: true,
      description: 'When it would begin; default: now.',
    })
    effectiveFrom: number | null,
  ): Promise<OldLotsPreviewType | PolicyInvalidType> {
    const answer = await program.oldLots.preview({ document, effectiveFrom })
    if (answer.faults) return policyInvalidType(answer.faults)
    return oldLotsPreviewType(answer.policy, answer.preview)
  }
}
