import { codePoolOf } from '@pointwell/plugin'
import { GoodsCodeEntity } from './goods-code.entity.js'

/** Pools of codes that offers of goods give from. */
export const {
  count: countCodes,
  import: importCodes,
  void: voidCodes,
  findFree: findFreeCodes,
  take: takeCode,
} = codePoolOf(GoodsCodeEntity)
