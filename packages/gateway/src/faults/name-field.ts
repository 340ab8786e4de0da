import { type DocumentNode, GraphQLError } from 'graphql'
import { findFieldOf } from './field-of.js'

/** A literal that a scalar refused: which input it was, as the refusals of variables say too. */
export function nameField(error: Error, document: DocumentNode | undefined) {
  if (!(error instanceof GraphQLError) || !document) return
  if (error.extensions.code !== 'BAD_USER_INPUT' || error.extensions.field !== undefined) return
  const [node] = error.nodes ?? []
  const field = node && findFieldOf(document, node)
  if (field) error.extensions.field = field
}
