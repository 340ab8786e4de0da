import { groupReads, isRefusal, type Ledger, type Refusal, refuse } from '@pointwell/ledger'
import type { PluginWatch, RedemptionChannel } from '@pointwell/plugin'
import type { Acting } from '../audit/acting.js'
import type { Audit } from '../audit/open-audit.js'
import type { ProgramDatabase } from '../database/program-database.js'
import type { PolicyReads } from '../policy/policy-in-force.js'
import { orPluginFailed } from '../refusal/or-plugin-failed.js'
import { auditOffer } from './audit-offer.js'
import { insertOffer, selectOfferPage, selectOffers, updateOfferRow } from './offer-rows.js'
import type { NewOffer, Offer, OfferChange } from './offer-terms.js'
import { readOffer } from './read-offer.js'

export interface OfferPageRequest {
  /** The id before the page; null: from the beginning. */
  readonly after: string | null
  readonly limit: number
  readonly channel: string | null
  /** Only what is active and open now. */
  readonly onlyOpen: boolean
  /** Only what this says yes to. */
  readonly isFor?: (offer: Offer) => boolean
}

export interface Offers {
  /** Refuses INVALID_INPUT, CURRENCY_NOT_SUPPORTED, AMOUNT_TOO_LARGE, PLUGIN_FAILED, OFFER_EXISTS. */
  create(input: NewOffer, acting?: Acting | null): Promise<Offer | Refusal>
  /** Refuses what `create` does, OFFER_NOT_FOUND, OFFER_CONFLICT. */
  update(change: OfferChange, acting?: Acting | null): Promise<Offer | Refusal>
  findMany(ids: readonly string[]): Promise<ReadonlyMap<string, Offer>>
  find(id: string): Promise<Offer | undefined>
  page(request: OfferPageRequest): Promise<readonly Offer[]>
}

/** A page before anybody's rights to what is on it. */
interface StoredPage {
  readonly after: string
  readonly limit: number
  readonly channel: string | null
  readonly onlyOpen: boolean
}

const MOST_RACES = 5
/** All that a change says which does no more than end an offer. */
const ENDS: ReadonlySet<string> = new Set(['id', 'active'])

export function openOffers({
  database,
  ledger,
  policies,
  channels,
  record,
  watch,
}: {
  database: ProgramDatabase
  ledger: Ledger
  policies: PolicyReads
  channels: ReadonlyMap<string, RedemptionChannel>
  record: Audit['record']
  watch?: PluginWatch
}): Offers {
  const findMany = (ids: readonly string[]) =>
    database.read((manager) => selectOffers(database.connection(manager), [...new Set(ids)]))
  const find = async (id: string) => (await findMany([id])).get(id)
  const read = async (input: unknown) =>
    readOffer(input, { policy: policies.at(ledger.clock()).document, channels, watch })
  // The same page for everybody who asks side by side.
  const readPage = groupReads(async (pages: readonly StoredPage[]) => {
    const openAt = ledger.clock()
    const found = new Map(
      pages.map(({ onlyOpen, ...page }) => {
        const asked = { ...page, openAt: onlyOpen ? openAt : null }
        const rows = database.read((manager) =>
          selectOfferPage(database.connection(manager), asked),
        )
        return [nameOfPage({ ...page, onlyOpen }), rows]
      }),
    )
    return (page): Promise<readonly Offer[]> => found.get(nameOfPage(page))!
  }, nameOfPage)

  return {
    findMany,
    find,
    async create(input, acting) {
      const checked = await orPluginFailed(read(input))
      if (isRefusal(checked)) return checked
      const now = ledger.clock()
      const offer: Offer = { ...checked.value, version: 1, createdAt: now, updatedAt: now }
      try {
        await database.write(async (manager) => {
          const connection = database.connection(manager)
          await insertOffer(connection, offer)
          if (acting) await record(connection, [auditOffer({ acting, before: null, offer })])
        })
      } catch (fault) {
        if (!database.sql.isDuplicateKey(fault)) throw fault
        return refuse('OFFER_EXISTS', { field: 'id' })
      }
      return offer
    },
    async update({ baseVersion, ...change }, acting) {
      for (let race = 1; race <= MOST_RACES; race++) {
        const before = await find(change.id)
        if (!before) return refuse('OFFER_NOT_FOUND', { field: 'id' })
        if (baseVersion && baseVersion !== before.version) break
        const { version, createdAt, updatedAt: _, ...terms } = before
        const given = Object.entries(change).filter(([, value]) => value !== undefined)
        // What nobody can check any more, for its plugin is gone, can be ended all the same.
        const isEnd = change.active === false && given.every(([name]) => ENDS.has(name))
        const checked =
          isEnd && !channels.has(before.channel)
            ? { value: { ...terms, active: false } }
            : await orPluginFailed(read({ ...terms, ...Object.fromEntries(given) }))
        if (isRefusal(checked)) return checked
        const updatedAt = Math.max(ledger.clock(), before.updatedAt)
        const offer: Offer = { ...checked.value, version: version + 1, createdAt, updatedAt }
        const changed = await database.write(async (manager) => {
          const connection = database.connection(manager)
          const isChanged = await updateOfferRow(connection, offer)
          if (isChanged && acting) await record(connection, [auditOffer({ acting, before, offer })])
          return isChanged
        })
        if (changed) return offer
      }
      return refuse('OFFER_CONFLICT', { field: 'baseVersion' })
    },
    async page({ after, limit, channel, onlyOpen, isFor }) {
      const found: Offer[] = []
      const size = Math.max(limit, 50)
      let from = after ?? ''
      for (;;) {
        const page = await readPage({ after: from, limit: size, channel, onlyOpen })
        found.push(...(isFor ? page.filter(isFor) : page))
        if (page.length < size || found.length >= limit) return found.slice(0, limit)
        from = page.at(-1)!.id
      }
    },
  }
}

function nameOfPage({ after, limit, channel, onlyOpen }: StoredPage): string {
  return JSON.stringify([after, limit, channel, onlyOpen])
}
