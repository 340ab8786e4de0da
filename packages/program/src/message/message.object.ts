import type { Words } from '@pointwell/plugin'
import { connectionOf, DateTimeScalar, JsonScalar } from '@pointwell/plugin/graphql'
import { Ctx, Field, ID, ObjectType } from 'type-graphql'
import type { ProgramContext } from '../context/program-context.js'
import type { Message } from './message-rows.js'
import { messageWords } from './message-words.js'

@ObjectType('Message', { description: 'Something that a member is told.', simpleResolvers: true })
export class MessageType {
  message!: Message

  @Field(() => ID, { description: 'Its number.' })
  id!: string

  @Field(() => String, {
    description: 'What it is about, a stable word: `expiring` (points run out soon).',
  })
  kind!: string

  @Field(() => DateTimeScalar, { description: 'When it was written.' })
  writtenAt!: number

  @Field(() => JsonScalar, { description: 'Its figures, for a screen with words of its own.' })
  figures!: unknown

  @Field(() => String, { description: 'The heading, in the language of the request.' })
  title(@Ctx() { language }: ProgramContext): string {
    return wordsOf(this, 'title')[language]
  }

  @Field(() => String, { description: 'The text, in the language of the request.' })
  body(@Ctx() { language }: ProgramContext): string {
    return wordsOf(this, 'body')[language]
  }
}

function wordsOf({ message }: MessageType, part: 'title' | 'body'): Words {
  return messageWords(message.kind, message.figures)[part]
}

export const MessageConnection = connectionOf(MessageType, 'Message')

export function messageType(message: Message): MessageType {
  const { id, kind, writtenAt, figures } = message
  return Object.assign(new MessageType(), { message, id: `${id}`, kind, writtenAt, figures })
}
