import {
  checkCodeLine,
  codeLineFields,
  codeLinesOf,
  definePluginFile,
  refuse,
} from '@pointwell/plugin'
import { z } from 'zod'
import { goodsOffer } from '../offer/goods-offer.js'
import { GoodsCodeEntity } from '../store/goods-code.entity.js'

/** Pools of codes by files (O3): new ones need an offer and a code, no more. A code that is given by now
 * stays so when the file it came from comes again. */
export const goodsCodeFile = definePluginFile({
  name: 'codes',
  line: z.strictObject(codeLineFields).superRefine(checkCodeLine),
  ...codeLinesOf({
    entity: GoodsCodeEntity,
    restOf(offer) {
      const noPool = refuse('GOODS_POOL_NOT_FOUND', { field: 'offerId' })
      const isRefused = offer !== null && !hasPool(offer.details)
      return () => (isRefused ? noPool : {})
    },
    ownFields: () => ({}),
  }),
})

function hasPool(details: unknown): boolean {
  const { data } = goodsOffer.safeParse(details)
  return data?.type === 'virtual' && data.gives.kind === 'code'
}
