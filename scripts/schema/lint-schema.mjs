// The conventions of GraphQL schemas, by the rules of @graphql-eslint. What is left out, and why:
// docs/decisions/schema-changes.md.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import graphql from '@graphql-eslint/eslint-plugin'
import { ESLint } from 'eslint'

/** Fields and types whose names Apollo Federation gives. */
const FEDERATION = '^(_entities|_service|_Any|_Entity|_Service)$'
const OTHER_UNDERSCORES = {
  selector: 'Name[value=/^_(?!(entities|service|Any|Entity|Service)$)/]',
  message: 'A name begins with a letter.',
}
const UPPER = { style: 'UPPER_CASE' }
const CAMEL = { style: 'camelCase', ignorePattern: FEDERATION }
const PASCAL = { style: 'PascalCase', ignorePattern: FEDERATION }

const rules = {
  // Names.
  'naming-convention': [
    {
      // Those of federation; of others a rule further down says no.
      allowLeadingUnderscore: true,
      types: PASCAL,
      FieldDefinition: CAMEL,
      InputValueDefinition: { style: 'camelCase' },
      DirectiveDefinition: { style: 'camelCase' },
      EnumValueDefinition: UPPER,
      'ObjectTypeDefinition[name.value!=Query][name.value!=Mutation][name.value!=Subscription]': {
        style: 'PascalCase',
        ignorePattern: FEDERATION,
        // The class is `MemberType`; the type is `Member`.
        forbiddenSuffixes: ['Type', 'Object', 'Dto'],
      },
      InputObjectTypeDefinition: { style: 'PascalCase', requiredSuffixes: ['Input'] },
      EnumTypeDefinition: { style: 'PascalCase', forbiddenSuffixes: ['Enum'] },
      'FieldDefinition[parent.name.value=Query]': {
        style: 'camelCase',
        ignorePattern: FEDERATION,
        forbiddenPrefixes: ['query', 'get', 'find', 'list'],
        forbiddenSuffixes: ['Query'],
      },
      'FieldDefinition[parent.name.value=Mutation]': {
        style: 'camelCase',
        forbiddenSuffixes: ['Mutation'],
      },
      'FieldDefinition[parent.name.value=Subscription]': {
        style: 'camelCase',
        forbiddenPrefixes: ['subscribe', 'on'],
        forbiddenSuffixes: ['Subscription'],
      },
    },
  ],
  'no-scalar-result-type-on-mutation': [],
  // Descriptions, on everything that can have one. (Those of the three roots nobody shows.)
  'require-description': [
    {
      types: true,
      FieldDefinition: true,
      InputValueDefinition: true,
      EnumValueDefinition: true,
      DirectiveDefinition: true,
      ignoredSelectors: ['ObjectTypeDefinition[name.value=/^(Query|Mutation|Subscription)$/]'],
    },
  ],
  'description-style': [],
  'no-hashtag-description': [],
  'require-deprecation-reason': [],
  // Relay connections.
  'relay-connection-types': [],
  'relay-edge-types': [
    // Nodes are no `Node`s: nothing is fetched by a global id. `nodes` stand beside `edges`.
    { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false },
  ],
  'relay-page-info': [],
  // No list goes backwards.
  'relay-arguments': [{ includeBoth: false }],
  // Whole and without doubles.
  'no-unreachable-types': [],
  'known-type-names': [],
  'known-directives': [],
  'known-argument-names': [],
  'provided-required-arguments': [],
  'unique-type-names': [],
  'unique-field-definition-names': [],
  'unique-enum-value-names': [],
  'unique-operation-types': [],
}

/** What is wrong with a schema, a line each: `12: Member.Name …`. */
export async function lintSchema(text) {
  const folder = mkdtempSync(join(tmpdir(), 'pointwell-schema-'))
  const file = join(folder, 'schema.graphql')
  writeFileSync(file, text)
  try {
    const eslint = new ESLint({
      cwd: folder,
      overrideConfigFile: true,
      overrideConfig: {
        files: ['**/*.graphql'],
        languageOptions: {
          parser: graphql.parser,
          parserOptions: { graphQLConfig: { schema: file } },
        },
        plugins: { '@graphql-eslint': graphql },
        rules: {
          'no-restricted-syntax': ['error', OTHER_UNDERSCORES],
          ...Object.fromEntries(
            Object.entries(rules).map(([rule, options]) => [
              `@graphql-eslint/${rule}`,
              ['error', ...options],
            ]),
          ),
        },
      },
    })
    const [{ messages }] = await eslint.lintFiles([file])
    return messages.map(
      ({ line, message, ruleId }) =>
        `${line}: ${message} (${ruleId?.split('/').at(-1) ?? 'syntax'})`,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
