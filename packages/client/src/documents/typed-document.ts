/** The text of an operation, which knows the types of what it asks with and answers. */
export type TypedDocument<Answer, Variables> = string & {
  // Never there: it holds the types, and keeps a plain string from being taken for one.
  readonly ' types'?: (variables: Variables) => Answer
}

export type AnswerOf<Document> =
  Document extends TypedDocument<infer Answer, never> ? Answer : never

export type VariablesOf<Document> =
  Document extends TypedDocument<unknown, infer Variables> ? Variables : never
