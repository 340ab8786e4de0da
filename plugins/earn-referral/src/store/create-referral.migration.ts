import {
  type MigrationInterface,
  type QueryRunner,
  Table,
  type TableColumnOptions,
  TableIndex,
} from 'typeorm'

/** The tables of codes and of who brought whom, the same on SQLite and MySQL. */
export class CreateReferral1767225601050 implements MigrationInterface {
  readonly name = 'CreateReferral1767225601050'

  async up(queryRunner: QueryRunner): Promise<void> {
    // MySQL keeps what was made when a later statement fails, so that it can run again.
    await queryRunner.createTable(
      new Table({
        name: 'referral_code',
        columns: [{ ...id('code', 16), isPrimary: true }, id('member_id', 64), whole('created_at')],
        indices: [
          new TableIndex({
            name: 'referral_code_member',
            columnNames: ['member_id'],
            isUnique: true,
          }),
        ],
      }),
      true,
    )
    await queryRunner.createTable(
      new Table({
        name: 'referral_friend',
        columns: [
          { ...id('friend_id', 64), isPrimary: true },
          id('referrer_id', 64),
          whole('accepted_at'),
          id('state', 8),
        ],
        indices: [
          new TableIndex({
            name: 'referral_friend_referrer',
            columnNames: ['referrer_id', 'accepted_at', 'friend_id'],
          }),
          new TableIndex({
            name: 'referral_friend_state',
            columnNames: ['state', 'accepted_at', 'friend_id'],
          }),
        ],
      }),
      true,
    )
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('referral_friend')
    await queryRunner.dropTable('referral_code')
  }
}

function id(name: string, length: number): TableColumnOptions {
  return { name, type: 'varchar', length: String(length) }
}

/** A whole number up to 2^53−1: epoch milliseconds. */
function whole(name: string): TableColumnOptions {
  return { name, type: 'bigint' }
}
