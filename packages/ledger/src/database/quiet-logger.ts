import type { Logger } from 'typeorm'

/** TypeORM prints some things whatever it is told; what there is to say, this house says itself. */
export const QUIET_LOGGER: Logger = {
  log: () => {},
  logMigration: () => {},
  logQuery: () => {},
  logQueryError: () => {},
  logQuerySlow: () => {},
  logSchemaBuild: () => {},
}
