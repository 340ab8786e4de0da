import { shippedPlugins } from '@pointwell/server'
import { notifyMyPlugin } from './dist/index.js'

/** The plugins of the server that `npm start` runs: those that come with it, and this one. */
export default { plugins: [...shippedPlugins, notifyMyPlugin] }
