import satisfies from 'semver/functions/satisfies.js'
import validRange from 'semver/ranges/valid.js'
import { CONTRACT_VERSION, type Plugin } from '../contract/plugin.js'

/** Whether a plugin was written for another contract than this package implements. A range that is none is a
 * fault of its shape. */
export function findContractFaults({ contract }: Pick<Plugin, 'contract'>): string[] {
  if (validRange(contract) === null || satisfies(CONTRACT_VERSION, contract)) return []
  return [`it fits the contract ${contract}, and this server has ${CONTRACT_VERSION}`]
}
