import { defineEarnSource } from '@pointwell/plugin'
import { checkInRefusals, checkInTitle, checkInWords } from './check-in-words.js'
import { decideCheckIn } from './decision/decide-check-in.js'
import { checkInEvent } from './event/check-in-event.js'
import { CheckInResolver } from './graphql/check-in.resolver.js'
import { checkInMemory } from './memory/check-in-memory.js'
import { joinMemories } from './memory/join-memories.js'
import { checkInTasks } from './progress/check-in-tasks.js'
import { checkInSettings } from './settings/check-in-settings.js'

/** Points for a daily check-in (E3): once a member a day, so that a second one is a replay. */
export const checkIn = defineEarnSource({
  id: 'check-in',
  version: '0.1.0',
  contract: '^1.0.0',
  title: checkInTitle,
  core: false,
  settings: checkInSettings,
  event: checkInEvent,
  memory: checkInMemory,
  join: joinMemories,
  scope: 'member',
  once: ({ event }) => (event.makeUp ? `make-up:${event.date}` : event.date),
  decide: decideCheckIn,
  tasks: checkInTasks,
  resolvers: [CheckInResolver],
  refusals: checkInRefusals,
  words: checkInWords,
})
