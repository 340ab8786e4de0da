import { openDatabase } from '@pointwell/ledger'
import { describe, expect, it } from 'vitest'
import { availableStores, freshUrl } from '../../../test/support/databases.js'
import { getProgrammeId, PROGRAM_MIGRATIONS } from './index.js'

const TABLES = [
  'earning_pause',
  'identity_case',
  'identity_case_member',
  'identity_sighting',
  'audit_entry',
  'job',
  'job_failure',
  'kept_event',
  'kept_settlement',
  'member',
  'member_erasure',
  'member_identity',
  'member_merge',
  'member_review',
  'member_standing',
  'offer',
  'policy_version',
  'programme_identity',
  'quote',
  'missed_redemption',
  'playbook',
  'playbook_share',
  'playbook_turn',
]
const sharedStores = availableStores().filter((store) => store !== 'memory')

describe.each(sharedStores)('the programme’s tables on %s', (store) => {
  it('come and go, and come again', async () => {
    const database = await openDatabase({
      url: await freshUrl(store),
      migrations: PROGRAM_MIGRATIONS,
    })
    const missing = async () => {
      const found = await Promise.allSettled(
        TABLES.map((table) =>
          database.read((manager) => manager.query(`SELECT COUNT(*) AS n FROM ${table}`)),
        ),
      )
      return TABLES.filter((_, n) => found[n]?.status === 'rejected')
    }
    try {
      expect(await missing()).toEqual(TABLES)
      expect(await database.migrate()).toHaveLength(PROGRAM_MIGRATIONS.length)
      expect(await missing()).toEqual([])
      const undone: string[] = []
      for (
        let name = await database.undoLastMigration();
        name;
        name = await database.undoLastMigration()
      ) {
        undone.push(name)
      }
      expect(undone.toReversed()).toEqual(PROGRAM_MIGRATIONS.map(({ name }) => name))
      expect(await missing()).toEqual(TABLES)
      await database.migrate()
      expect(await missing()).toEqual([])
      expect(await database.migrate()).toEqual([])
    } finally {
      await database.close()
    }
  })
  it('name each database, for good', async () => {
    const idOf = async (url: string) => {
      const database = await openDatabase({ url, migrations: PROGRAM_MIGRATIONS })
      try {
        await database.migrate()
        return await getProgrammeId(database)
      } finally {
        await database.close()
      }
    }
    const [one, other] = [await freshUrl(store), await freshUrl(store)]
    const id = await idOf(one)
    expect(id).toMatch(/^[\da-f-]{36}$/)
    expect(await idOf(one)).toBe(id)
    expect(await idOf(other)).not.toBe(id)
  })
})
