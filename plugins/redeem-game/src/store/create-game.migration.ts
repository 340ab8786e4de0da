import {
  type MigrationInterface,
  type QueryRunner,
  Table,
  type TableColumnOptions,
  TableIndex,
} from 'typeorm'

/** The tables of games, the same on SQLite and MySQL. */
export class CreateGame1767225603400 implements MigrationInterface {
  readonly name = 'CreateGame1767225603400'

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES) await queryRunner.createTable(table())
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES.toReversed()) await queryRunner.dropTable(table().name)
  }
}

const TABLES = [offers, prizes, rounds, stakes, plays]

function offers(): Table {
  return new Table({
    name: 'game_offer',
    columns: [
      { ...word('offer_id', 64), isPrimary: true },
      whole('turn'),
      { name: 'round', type: 'int' },
      whole('points_given'),
      whole('cost_given'),
    ],
  })
}

function prizes(): Table {
  return new Table({
    name: 'game_prize',
    columns: [
      { ...word('offer_id', 64), isPrimary: true },
      { ...word('prize_id', 40), isPrimary: true },
      whole('given'),
    ],
  })
}

function rounds(): Table {
  return new Table({
    name: 'game_round',
    columns: [
      { ...word('offer_id', 64), isPrimary: true },
      { name: 'number', type: 'int', isPrimary: true },
      word('commitment', 64),
      word('server_seed', 64),
      whole('plays'),
      whole('opened_at'),
      orNull(whole('revealed_at')),
    ],
  })
}

function stakes(): Table {
  return new Table({
    name: 'game_stake',
    columns: [
      { ...word('id', 64), isPrimary: true },
      word('offer_id', 64),
      { name: 'title', type: 'text' },
      { name: 'outcomes', type: 'text' },
      whole('opened_at'),
      whole('closes_at'),
      word('rake', 16),
      word('nobody_won', 8),
      word('status', 8),
      orNull(word('outcome', 40)),
      orNull(whole('ended_at')),
      whole('pool'),
      whole('stakes'),
    ],
    indices: [
      new TableIndex({ name: 'game_stake_offer', columnNames: ['offer_id', 'opened_at', 'id'] }),
    ],
  })
}

function plays(): Table {
  return new Table({
    name: 'game_play',
    columns: [
      { ...word('id', 64), isPrimary: true },
      word('offer_id', 64),
      word('member_id', 64),
      word('type', 8),
      orNull(word('refused_with', 40)),
      whole('spent'),
      whole('at'),
      orNull(word('pick', 40)),
      { name: 'round', type: 'int', isNullable: true },
      orNull(whole('nonce')),
      orNull(word('commitment', 64)),
      orNull(word('client_seed', 64)),
      { name: 'prize_table', type: 'text', isNullable: true },
      orNull(word('digest', 64)),
      orNull(whole('ticket')),
      orNull(word('result', 40)),
      orNull(word('prize_id', 40)),
      { name: 'prize_title', type: 'text', isNullable: true },
      whole('won_points'),
      whole('won_cost'),
      orNull(word('item', 8)),
      orNull(whole('handed_at')),
      orNull(word('used_by', 64)),
      orNull(whole('used_at')),
      orNull(word('stake_round', 64)),
      orNull(word('outcome', 40)),
      orNull(whole('payout')),
      orNull(whole('paid_at')),
      { name: 'forfeited', type: 'smallint' },
    ],
    indices: [
      new TableIndex({ name: 'game_play_member', columnNames: ['member_id', 'at', 'id'] }),
      new TableIndex({ name: 'game_play_item', columnNames: ['item', 'at', 'id'] }),
      new TableIndex({ name: 'game_play_stake', columnNames: ['stake_round', 'id'] }),
      // Two plays of a round never have the same number.
      new TableIndex({
        name: 'game_play_nonce',
        columnNames: ['offer_id', 'round', 'nonce'],
        isUnique: true,
      }),
    ],
  })
}

function word(name: string, length: number): TableColumnOptions {
  return { name, type: 'varchar', length: String(length) }
}

/** A whole number up to 2^53−1: points, minor units, epoch milliseconds. */
function whole(name: string): TableColumnOptions {
  return { name, type: 'bigint' }
}

function orNull(column: TableColumnOptions): TableColumnOptions {
  return { ...column, isNullable: true }
}
