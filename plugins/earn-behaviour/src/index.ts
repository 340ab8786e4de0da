export { behaviour } from './behaviour.js'
export type { BehaviourDetails } from './decision/decide-behaviour.js'
export { type BehaviourEvent, behaviourEvent } from './event/behaviour-event.js'
export { type BehaviourMemory, behaviourMemory } from './memory/behaviour-memory.js'
export { type BehaviourProgress, behaviourProgress } from './progress/behaviour-progress.js'
export {
  type Behaviour,
  type BehaviourSettings,
  behaviourSettings,
} from './settings/behaviour-settings.js'
