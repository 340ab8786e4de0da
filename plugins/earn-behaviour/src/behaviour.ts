import { defineEarnSource } from '@pointwell/plugin'
import { behaviourRefusals, behaviourTitle, behaviourWords } from './behaviour-words.js'
import { decideBehaviour } from './decision/decide-behaviour.js'
import { behaviourEvent } from './event/behaviour-event.js'
import { BehaviourResolver } from './graphql/behaviour.resolver.js'
import { behaviourMemory } from './memory/behaviour-memory.js'
import { joinMemories } from './memory/join-memories.js'
import { behaviourTasks } from './progress/behaviour-tasks.js'
import { behaviourSettings } from './settings/behaviour-settings.js'

/** Points for behaviours that an operator names (E6): an act of a member is one act by its behaviour
 * and `ref`. */
export const behaviour = defineEarnSource({
  id: 'behaviour',
  version: '0.1.0',
  contract: '^1.0.0',
  title: behaviourTitle,
  core: false,
  settings: behaviourSettings,
  event: behaviourEvent,
  memory: behaviourMemory,
  join: joinMemories,
  scope: 'member',
  // No id of a behaviour has a colon, so that two acts never share a name.
  once: ({ event }) => `${event.behaviour}:${event.ref}`,
  decide: decideBehaviour,
  behaviours: ({ behaviours }) => Object.keys(behaviours),
  tasks: behaviourTasks,
  resolvers: [BehaviourResolver],
  refusals: behaviourRefusals,
  words: behaviourWords,
})
