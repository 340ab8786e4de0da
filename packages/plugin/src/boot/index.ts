export { assertPlugins, type BootChecks, checkPlugins } from './check-plugins.js'
export { findMissingTables } from './find-table-faults.js'
export { PluginBootError, type PluginBootFault } from './plugin-boot-error.js'
