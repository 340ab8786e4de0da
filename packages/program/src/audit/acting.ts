export { type Acting, actingOf } from '@pointwell/plugin'
