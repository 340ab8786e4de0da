import { createContext, createElement, type ReactNode, useContext } from 'react'
import type { PointwellClient } from '../create-pointwell-client.js'

const Client = createContext<PointwellClient | undefined>(undefined)

/** Gives the hooks below it their client. */
export function PointwellProvider({
  client,
  children,
}: {
  readonly client: PointwellClient
  readonly children?: ReactNode
}) {
  return createElement(Client.Provider, { value: client }, children)
}

/** Throws outside of a `PointwellProvider`. */
export function usePointwell(): PointwellClient {
  const client = useContext(Client)
  if (!client) throw new Error('There is no <PointwellProvider client={…}> around this component.')
  return client
}
