import {
  checkCodeLine,
  codeLineFields,
  codeLinesOf,
  definePluginFile,
  identifier,
  isRefusal,
  type Refusal,
  refuse,
} from '@pointwell/plugin'
import { z } from 'zod'
import { partnerOffer } from '../offer/partner-offer.js'
import { PartnerCodeEntity } from '../store/partner-code.entity.js'

const codeLine = z
  .strictObject({
    /** Whose it is; left out: the partner of the offer. */
    partnerId: identifier().optional(),
    ...codeLineFields,
  })
  .superRefine(checkCodeLine)

type PartnerCodeLine = z.output<typeof codeLine>

/** Pools of codes by files (O3): new ones need an offer that is here, or a partner, and a code. A code that is
 * given by now stays so when the file it came from comes again. */
export const partnerCodeFile = definePluginFile({
  name: 'codes',
  line: codeLine,
  ...codeLinesOf({
    entity: PartnerCodeEntity,
    restOf(offer) {
      const known = offer && partnerOf(offer.details)
      return (line: PartnerCodeLine) => {
        const partnerId = whose(line, known)
        return isRefusal(partnerId) ? partnerId : { partnerId }
      }
    },
    ownFields: ({ partnerId }) => ({ partnerId }),
  }),
})

/** The partner of an offer that gives codes of a pool. */
function partnerOf(details: unknown): string | Refusal {
  const { data } = partnerOffer.safeParse(details)
  return data?.gives.source === 'pool'
    ? data.partner
    : refuse('PARTNER_POOL_NOT_FOUND', { field: 'offerId' })
}

/** `known`: the partner of the offer; null: the offer is not here. */
function whose({ partnerId }: PartnerCodeLine, known: string | Refusal | null): string | Refusal {
  if (isRefusal(known)) return known
  if (known === null && partnerId === undefined) {
    const detail = 'Expected the partner that the codes are of: this offer is not here.'
    return refuse('INVALID_INPUT', { field: 'partnerId', detail })
  }
  if (known !== null && partnerId !== undefined && partnerId !== known) {
    return refuse('INVALID_INPUT', {
      field: 'partnerId',
      detail: 'The offer is of another partner.',
    })
  }
  return known ?? (partnerId as string)
}
