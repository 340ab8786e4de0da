import {
  MembershipOfDocument,
  type MembershipOfQuery,
  MyMembershipDocument,
  type MyMembershipQuery,
  MyWalletDocument,
  type MyWalletQuery,
  TasksDocument,
  type TasksQuery,
  WalletOfDocument,
  type WalletOfQuery,
} from '../documents/documents.js'
import type { TypedDocument } from '../documents/typed-document.js'
import { type QueryState, useQuery } from './use-query.js'

/** As the schema has it: null where there is no such member. */
type State<Found> = Omit<QueryState<unknown>, 'data'> & { readonly data: Found | null | undefined }

/** A member's wallet as it is now, with the points that run out within so many days. It moves: `useBalance`. */
export function useWallet({
  memberId,
  withinDays = 30,
}: {
  readonly memberId?: string
  readonly withinDays?: number
} = {}): State<NonNullable<MyWalletQuery['me']>> {
  const state = useQuery<MyWalletQuery | WalletOfQuery, object>(
    of(memberId, MyWalletDocument, WalletOfDocument),
    { memberId, within: withinDays },
  )
  return { ...state, data: memberOf(state.data) }
}

/** Tier, the way to the next one, badges, and until when the membership runs. */
export function useMembership(memberId?: string): State<NonNullable<MyMembershipQuery['me']>> {
  const state = useQuery<MyMembershipQuery | MembershipOfQuery, object>(
    of(memberId, MyMembershipDocument, MembershipOfDocument),
    { memberId },
  )
  return { ...state, data: memberOf(state.data) }
}

/** What a member can earn by, and how far it is. */
export function useTasks(memberId?: string): State<NonNullable<TasksQuery['tasks']>> {
  const state = useQuery(TasksDocument, { memberId })
  return { ...state, data: state.data?.tasks }
}

type OfMember<Member> = { readonly me: Member | null } | { readonly member: Member | null }

/** A member asks about itself by `me`, whoever acts for one by `member`. */
export function of<Mine, Others>(
  memberId: string | undefined,
  mine: TypedDocument<Mine, never>,
  others: TypedDocument<Others, never>,
): TypedDocument<Mine | Others, object> {
  return (memberId === undefined ? mine : others) as TypedDocument<Mine | Others, object>
}

export function memberOf<Member>(answer: OfMember<Member> | undefined): Member | null | undefined {
  if (!answer) return undefined
  return 'me' in answer ? answer.me : answer.member
}
