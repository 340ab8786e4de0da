import { MOST_MARKS, type ReferralMemory } from '../memory/referral-memory.js'

/** A member seen with one more device or means of payment. */
export function withMarks(
  memory: ReferralMemory,
  { device, payment }: { readonly device: string | null; readonly payment: string | null },
): ReferralMemory {
  return {
    ...memory,
    devices: newest(memory.devices, device),
    payments: newest(memory.payments, payment),
  }
}

function newest(marks: readonly string[], mark: string | null): string[] {
  if (mark === null) return [...marks]
  return [...marks.filter((known) => known !== mark), mark].slice(-MOST_MARKS)
}
