import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { fetchExchange, subscriptionExchange, Client as UrqlClient } from '@urql/core'
import { type ExecutionResult, OperationTypeNode } from 'graphql'
import { type Client, createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import type { BadLine } from './bad-line.js'
import { atEndOfTest } from './end-of-file.js'
import { keepCursor } from './keep-cursor.js'

// biome-ignore lint/suspicious/noExplicitAny: answers of any shape
type Data = any
type Variables = Record<string, unknown>

/** What a storefront wants of any client. */
export interface Storefront {
  query(text: string, variables?: Variables): Promise<Data>
  mutate(text: string, variables?: Variables): Promise<Data>
  /** Answers with what ends it. A fault of a subscription is thrown where nobody catches it, which fails the test. */
  follow(text: string, variables: Variables, heard: (data: Data) => void): () => void
}

type OpenStorefront = (line: BadLine, token: string) => Storefront

/** The clients of others, set up as their own guides say, and `keepCursor` for what is live. */
export const CLIENTS: Readonly<Record<string, OpenStorefront>> = {
  'graphql-ws': openWithGraphqlWs,
  '@apollo/client': openWithApollo,
  urql: openWithUrql,
}

function openWithGraphqlWs(line: BadLine, token: string): Storefront {
  const client = openSocket(line, token)
  const ask = (query: string, variables?: Variables) =>
    new Promise<Data>((resolve, reject) => {
      let answer: ExecutionResult | undefined
      client.subscribe(
        { query, variables },
        {
          next: (message) => {
            answer = message as ExecutionResult
          },
          error: reject,
          complete: () => resolve(answer?.data),
        },
      )
    })
  return {
    query: ask,
    mutate: ask,
    follow: (query, variables, heard) =>
      client.subscribe(
        { query, variables },
        { next: ({ data }) => heard(data), error: fail, complete() {} },
      ),
  }
}

/** Which types a union has: Apollo’s generator of code writes the whole list from the schema. */
const possibleTypes = { CheckInResult: ['CheckedIn', 'Refusal'] }

function openWithApollo(line: BadLine, token: string): Storefront {
  const client = new ApolloClient({
    cache: new InMemoryCache({ possibleTypes }),
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(openSocket(line, token)),
      new HttpLink({ uri: `${line.url}/graphql`, headers: { authorization: `Bearer ${token}` } }),
    ),
  })
  atEndOfTest(async () => client.stop())
  return {
    query: async (text, variables = {}) =>
      (await client.query({ query: gql(text), variables })).data,
    mutate: async (text, variables = {}) =>
      (await client.mutate({ mutation: gql(text), variables })).data,
    follow(text, variables, heard) {
      const subscription = client
        .subscribe({ query: gql(text), variables })
        .subscribe({ next: ({ data }) => heard(data), error: fail })
      return () => subscription.unsubscribe()
    },
  }
}

function openWithUrql(line: BadLine, token: string): Storefront {
  const socket = openSocket(line, token)
  const client = new UrqlClient({
    url: `${line.url}/graphql`,
    // By default it asks by GET, which a foreign page could make a browser send: that is not taken.
    preferGetMethod: false,
    fetchOptions: { headers: { authorization: `Bearer ${token}` } },
    exchanges: [
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: socket.subscribe(
              { query, variables: variables as Variables },
              sink as never,
            ),
          }),
        }),
      }),
    ],
  })
  const dataOf = async (asked: ReturnType<typeof client.query>) => {
    const { data, error } = await asked.toPromise()
    if (error) throw error
    return data
  }
  return {
    query: (text, variables = {}) => dataOf(client.query(text, variables)),
    mutate: (text, variables = {}) => dataOf(client.mutation(text, variables)),
    follow(text, variables, heard) {
      const { unsubscribe } = client.subscription(text, variables).subscribe(({ data, error }) => {
        if (error) fail(error)
        heard(data)
      })
      return unsubscribe
    },
  }
}

/** Comes back as soon as the line is whole, as often as it must. */
function openSocket(line: BadLine, token: string): Client {
  const client = keepCursor(
    createClient({
      url: `${line.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { token },
      retryAttempts: 1_000,
      retryWait: () => line.whole(),
      shouldRetry: () => true,
    }),
  )
  atEndOfTest(async () => client.dispose())
  return client
}

function fail(fault: unknown): never {
  throw fault instanceof Error ? fault : new Error(JSON.stringify(fault))
}
