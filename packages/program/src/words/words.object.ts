import { Field, InputType, ObjectType } from 'type-graphql'

@ObjectType('Words', { description: 'What people read, in every language.', simpleResolvers: true })
export class WordsType {
  @Field(() => String, { description: 'English.' })
  en!: string

  @Field(() => String, { description: 'Chinese.' })
  zh!: string
}

@InputType('WordsInput', { description: 'What people read, in every language.' })
export class WordsInput {
  @Field(() => String, { description: 'English.' })
  en!: string

  @Field(() => String, { description: 'Chinese.' })
  zh!: string
}
