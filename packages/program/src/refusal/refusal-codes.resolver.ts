import { RefusalCode } from '@pointwell/plugin/graphql'
import { Ctx, Extensions, Field, ObjectType, Query, Resolver } from 'type-graphql'
import type { ProgramContext } from '../context/program-context.js'
import { programRefusals } from './register-refusals.js'

@ObjectType('RefusalCodeInfo', { description: 'A code with what it means.', simpleResolvers: true })
export class RefusalCodeInfoType {
  @Field(() => RefusalCode, { description: 'The code.' })
  code!: string

  @Field(() => String, {
    description: 'What it means, for a member, in the language of the request.',
  })
  message!: string
}

@Resolver()
export class RefusalCodesResolver {
  @Extensions({ access: ['anyone'] })
  @Query(() => [RefusalCodeInfoType], {
    description: 'Everything that can be refused: a closed list.',
  })
  refusalCodes(@Ctx() { language, program }: ProgramContext): RefusalCodeInfoType[] {
    return Object.entries(programRefusals(program.plugins)).map(([code, words]) =>
      Object.assign(new RefusalCodeInfoType(), { code, message: words[language] }),
    )
  }
}
