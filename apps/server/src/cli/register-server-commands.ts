import { signToken } from '@pointwell/gateway/settings'
import { OPERATOR_ROLES, type OperatorRole } from '@pointwell/plugin'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { readEnvOrExit } from '../env/read-env-or-exit.js'
import { runCommand } from './run-command.js'

const KINDS = ['member', 'storefront', 'operator', 'partner'] as const

interface TokenFlags {
  readonly role: (typeof KINDS)[number]
  readonly subject: string
  readonly roles?: readonly OperatorRole[]
  readonly hours: number
}

/** Adds `serve`, `token` and `schema` to the command line. */
export function registerServerCommands(program: Command): void {
  program
    .command('serve')
    .description('run the server, as `npm start` does')
    .action(() => runCommand(async () => (await import('../serve.js')).serve()))

  program
    .command('token')
    .description('make a token that a server with the same POINTWELL_JWT_SECRET takes')
    .addOption(
      new Option('-r, --role <role>', 'who it is for').choices(KINDS).makeOptionMandatory(),
    )
    .requiredOption('-s, --subject <id>', "the member's id, the storefront's name, the login …")
    .option('--roles <list>', `an operator's roles: ${OPERATOR_ROLES.join(', ')}`, readRoles)
    .option('--hours <count>', 'how long it is good for', readHours, 12)
    .action((flags: TokenFlags) => runCommand(() => printToken(flags)))

  program
    .command('schema')
    .description('print the GraphQL schema with all plugins')
    .option('--subgraph', 'as a subgraph, for a router of Apollo Federation to compose')
    .action((flags: { subgraph?: true }) => runCommand(() => printSchema(flags)))
}

async function printToken({ role, subject, roles, hours }: TokenFlags): Promise<void> {
  const { jwtSecret, jwtIssuer, jwtAudience } = readEnvOrExit()
  if (jwtSecret === undefined) {
    fail('Tokens of this server come from elsewhere: it checks them with POINTWELL_JWKS_URL.')
    return
  }
  if ((role === 'operator') !== (roles !== undefined)) {
    fail('Expected --roles for an operator, and for nobody else.')
    return
  }
  const token = await signToken({
    secret: jwtSecret,
    kind: role,
    subject,
    ...(roles && { roles }),
    expiresAt: Date.now() + hours * 3_600_000,
    issuer: jwtIssuer,
    audience: jwtAudience,
  })
  process.stdout.write(`${token}\n`)
}

async function printSchema({ subgraph }: { subgraph?: true }): Promise<void> {
  const [{ printPointwellSchema, printSubgraph }, { buildSchema }, { loadConfig }] =
    await Promise.all([
      import('@pointwell/gateway'),
      import('../compose/build-schema.js'),
      import('../compose/load-config.js'),
    ])
  const { plugins } = await loadConfig(process.env.POINTWELL_CONFIG || undefined)
  const print = subgraph ? printSubgraph : printPointwellSchema
  process.stdout.write(print(buildSchema(plugins)))
}

function readRoles(text: string): readonly OperatorRole[] {
  const roles = text.split(',').map((role) => role.trim())
  const unknown = roles.find((role) => !OPERATOR_ROLES.includes(role as OperatorRole))
  if (unknown === undefined) return roles as OperatorRole[]
  throw new InvalidArgumentError(`There is no role ${unknown}: ${OPERATOR_ROLES.join(', ')}.`)
}

function readHours(text: string): number {
  const hours = Number(text)
  if (hours > 0 && hours <= 24 * 366) return hours
  throw new InvalidArgumentError('Expected a number of hours, at most a year.')
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`)
  process.exitCode = 2
}
