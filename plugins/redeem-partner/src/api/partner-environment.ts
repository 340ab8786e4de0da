/** Names of secrets: what the environment variable is called after `POINTWELL_PARTNER_`. */
const SECRET_NAME = /^[A-Z][A-Z0-9_]{0,39}$/
/** Names that mean something else. */
const RESERVED = ['HOSTS']

type Environment = Readonly<Record<string, string | undefined>>

/** The secret that requests to a partner are signed with; undefined: there is none of this name. */
export function findSecret(
  name: string,
  environment: Environment = process.env,
): string | undefined {
  if (!SECRET_NAME.test(name) || RESERVED.includes(name)) return undefined
  return environment[`POINTWELL_PARTNER_${name}`] || undefined
}

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !RESERVED.includes(name)
}

/**
 * Whether the server may send requests there. POINTWELL_PARTNER_HOSTS lists where, with commas
 * between: `api.cinema.example`, `api.bank.example:8443` (both https), or a whole origin such as
 * `http://127.0.0.1:8080`. Not set: nowhere. Who writes rules is not to make a server speak to what
 * is inside its network; what is inside knows who runs it, who sets its environment.
 */
export function isAllowedUrl(text: string, environment: Environment = process.env): boolean {
  const url = readApiUrl(text)
  return url !== undefined && allowedOrigins(environment).includes(url.origin)
}

function allowedOrigins({ POINTWELL_PARTNER_HOSTS: hosts = '' }: Environment): string[] {
  return hosts
    .split(',')
    .map((host) => host.trim())
    .filter((host) => host !== '')
    .flatMap((host) => readApiUrl(host.includes('://') ? host : `https://${host}`)?.origin ?? [])
}

/** An address without a name, a password, a query or a fragment; undefined: it is not that. */
export function readApiUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const isPlain =
    ['http:', 'https:'].includes(url.protocol) &&
    url.username === '' &&
    url.password === '' &&
    !/[?#]/.test(text)
  return isPlain ? url : undefined
}
