import {
  type Command,
  isRefusal,
  type Ledger,
  type LedgerTransaction,
  type Refusal,
  refuse,
} from '@pointwell/ledger'
import { checkReason } from '@pointwell/plugin'
import type { Acting } from '../audit/acting.js'
import { postOrOpen } from '../earning/open-earning.js'
import { checkIdempotencyKey } from '../input/idempotency-key.js'
import type { MemberProfile } from '../member/member-facts.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import {
  type EndedBy,
  type FreezeRequest,
  freezeCommand,
  thawCommand,
  voidCommand,
} from './freeze-commands.js'

/** Operators lock points, free them, or take them for good (K2). `by` is the login of who acts. */
export interface Freezes {
  /** Refuses MEMBER_NOT_FOUND, INVALID_INPUT, and what the command does. */
  freeze(
    request: FreezeRequest & { readonly memberId: string },
    acting?: Acting | null,
  ): Promise<LedgerTransaction | Refusal>
  /** Refuses FREEZE_NOT_FOUND, INVALID_INPUT (`reason`), IDEMPOTENCY_MISMATCH. */
  thaw(
    request: EndedBy & { id: string },
    acting?: Acting | null,
  ): Promise<LedgerTransaction | Refusal>
  /** The same. */
  void(
    request: EndedBy & { id: string },
    acting?: Acting | null,
  ): Promise<LedgerTransaction | Refusal>
}

export function openFreezes({
  ledger,
  policies,
  findProfile,
}: {
  ledger: Ledger
  policies: PolicyReads
  findProfile: (id: string) => Promise<MemberProfile | undefined>
}): Freezes {
  const post = async (command: Command): Promise<LedgerTransaction | Refusal> => {
    const posted = await postOrOpen(ledger, command)
    return isRefusal(posted) ? posted : posted.transaction
  }

  const end = async (
    { id, ...by }: EndedBy & { id: string },
    command: (freeze: { id: string; wallet: number }, by: EndedBy) => Command,
  ): Promise<LedgerTransaction | Refusal> => {
    const wrong = checkReason(by.reason)
    if (wrong) return wrong
    const wallet = walletOf(id)
    const found = wallet !== undefined && (await ledger.store.findWallets([wallet])).length > 0
    return found ? post(command({ id, wallet }, by)) : refuse('FREEZE_NOT_FOUND', { field: 'id' })
  }

  return {
    async freeze({ memberId, ...asked }, acting = null) {
      const wrong = checkIdempotencyKey(asked.idempotencyKey) ?? checkReason(asked.reason)
      if (wrong) return wrong
      const member = await findProfile(memberId)
      if (!member) return refuse('MEMBER_NOT_FOUND', { field: 'memberId' })
      return post(freezeCommand(member, asked, { policies, acting }))
    },
    thaw: (request, acting = null) =>
      end(request, (freeze, by) => thawCommand(freeze, by, { policies, acting })),
    void: (request, acting = null) =>
      end(request, (freeze, by) => voidCommand(freeze, by, { policies, acting })),
  }
}

/** A freeze has the name of the transaction that made it, which begins with its wallet. */
function walletOf(id: string): number | undefined {
  const [, wallet] = /^(\d{1,15})-\d{1,15}$/.exec(id) ?? []
  return wallet === undefined ? undefined : Number(wallet)
}
