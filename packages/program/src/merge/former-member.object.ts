import { DateTimeScalar, WalletType, walletType } from '@pointwell/plugin/graphql'
import { Ctx, Field, ID, ObjectType } from 'type-graphql'
import { loadWallet } from '../context/load-wallet.js'
import type { ProgramContext } from '../context/program-context.js'
import type { MergedMember } from '../member/member-facts.js'

@ObjectType('FormerMember', {
  description: 'A member who was merged into another: its id still leads there.',
  simpleResolvers: true,
})
export class FormerMemberType {
  merged!: MergedMember

  @Field(() => ID, { description: 'The shop’s own id, another name of the member now.' })
  id!: string

  @Field(() => DateTimeScalar, { description: 'When they became one.' })
  mergedAt!: number

  @Field(() => WalletType, {
    description: 'Its wallet: empty since then, with all that happened in it before.',
  })
  async wallet(@Ctx() context: ProgramContext): Promise<WalletType> {
    return walletType(await loadWallet(context, this.merged.wallet))
  }
}

export function formerMemberType(merged: MergedMember): FormerMemberType {
  return Object.assign(new FormerMemberType(), { merged, id: merged.id, mergedAt: merged.at })
}
