import {
  Column,
  Entity,
  type MigrationInterface,
  PrimaryColumn,
  type QueryRunner,
  Table,
} from 'typeorm'

/** A ticket for a cup of tea: what the sound channel gives. */
@Entity('tea_ticket')
export class TeaTicket {
  @PrimaryColumn({ name: 'redemption_id', type: 'varchar', length: 64 })
  redemptionId!: string

  @Column({ name: 'member_id', type: 'varchar', length: 64 })
  memberId!: string

  @Column({ name: 'state', type: 'varchar', length: 8 })
  state!: 'given' | 'void'
}

/** Something that is written down each time. */
@Entity('tea_log')
export class TeaLog {
  @PrimaryColumn({ name: 'id', type: 'varchar', length: 64 })
  id!: string
}

/** Of another's name. */
@Entity('cups')
export class Cups {
  @PrimaryColumn({ name: 'id', type: 'varchar', length: 64 })
  id!: string
}

const text = (name: string) => ({ name, type: 'varchar', length: '64' })
const ticket = new Table({
  name: 'tea_ticket',
  columns: [{ ...text('redemption_id'), isPrimary: true }, text('member_id'), text('state')],
})
const oneColumn = (name: string) =>
  new Table({ name, columns: [{ ...text('id'), isPrimary: true }] })

export class CreateTeaTicket1767225600001 implements MigrationInterface {
  readonly name: string = 'CreateTeaTicket1767225600001'
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(ticket.clone())
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('tea_ticket')
  }
}

export class CreateTeaLog1767225600002 implements MigrationInterface {
  readonly name = 'CreateTeaLog1767225600002'
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(oneColumn('tea_log'))
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('tea_log')
  }
}

export class CreateCups1767225600003 implements MigrationInterface {
  readonly name = 'CreateCups1767225600003'
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(oneColumn('cups'))
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('cups')
  }
}

/** Forgets a column. */
export class CreateHalfTicket1767225600004 implements MigrationInterface {
  readonly name = 'CreateHalfTicket1767225600004'
  async up(runner: QueryRunner): Promise<void> {
    const [id, member] = ticket.clone().columns
    await runner.createTable(new Table({ name: 'tea_ticket', columns: [id!, member!] }))
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('tea_ticket')
  }
}

/** Does not undo what it did. */
export class KeepTeaTicket1767225600005 implements MigrationInterface {
  readonly name = 'KeepTeaTicket1767225600005'
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(ticket.clone(), true)
  }
  async down(): Promise<void> {}
}

/** Looks for what is not there. */
export class FailingMigration1767225600006 implements MigrationInterface {
  readonly name = 'FailingMigration1767225600006'
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('UPDATE tea_pot SET size = 1')
  }
  async down(): Promise<void> {}
}

/** Is not to be in a transaction, as some statements must not. */
export class CreateTeaLogAlone1767225600007 extends CreateTeaLog1767225600002 {
  override readonly name = 'CreateTeaLogAlone1767225600007' as never
  readonly transaction = false
}
