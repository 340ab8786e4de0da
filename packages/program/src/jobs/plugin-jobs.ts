import {
  type Plugin,
  type PluginStore,
  type PluginWatch,
  type ProgramFacade,
  runPluginJob,
} from '@pointwell/plugin'
import type { Job } from './job.js'

/** What plugins do by themselves, under the leases of all jobs (O2): each is called `plugin:name`. */
export function pluginJobs(
  plugins: readonly Plugin[],
  {
    program,
    store,
    watch,
  }: {
    /** Asked when a job runs: the programme is whole by then. */
    readonly program: () => ProgramFacade
    readonly store: PluginStore
    readonly watch?: PluginWatch
  },
): readonly Job[] {
  return plugins.flatMap((plugin) =>
    (plugin.jobs ?? []).map((job) => ({
      name: `${plugin.id}:${job.name}`,
      title: job.title,
      everyMs: job.everyMs,
      run: (context) =>
        runPluginJob(
          plugin,
          job,
          { ...context, store, program: program() },
          { ...(watch && { watch }) },
        ),
    })),
  )
}
