import cliProgress from 'cli-progress'

/** What an import tells while it runs. */
export interface ImportProgress {
  /** Something that stands for itself: a new phase, a server that does not answer. */
  say(text: string): void
  /** A task of known length begins; it ends the one before. */
  begin(title: string, total: number): void
  /** So much of it is done, in all. */
  reach(value: number): void
  end(): void
}

const PLAIN_EVERY_MS = 5_000

/** A bar where somebody looks on, else a line now and then. */
export function openImportProgress({
  stream = process.stderr,
  now = Date.now,
}: {
  stream?: Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean }
  now?: () => number
} = {}): ImportProgress {
  return stream.isTTY ? openBar(stream as NodeJS.WriteStream) : openLines({ stream, now })
}

function openBar(stream: NodeJS.WriteStream): ImportProgress {
  let task: { title: string; total: number; value: number } | undefined
  let bar: cliProgress.SingleBar | undefined
  const draw = () => {
    if (!task) return
    bar = new cliProgress.SingleBar({
      format: `${task.title} {bar} {percentage}% · {value} of {total} · {eta_formatted} left`,
      stream,
      hideCursor: true,
      etaBuffer: 100,
      barCompleteChar: '█',
      barIncompleteChar: '░',
    })
    bar.start(task.total, task.value)
  }
  const end = () => {
    bar?.stop()
    bar = undefined
    task = undefined
  }
  return {
    say(text) {
      // Above the bar, which begins anew below.
      bar?.stop()
      stream.write(`${text}\n`)
      draw()
    },
    begin(title, total) {
      end()
      task = { title, total, value: 0 }
      draw()
    },
    reach(value) {
      if (task) task.value = value
      bar?.update(value)
    },
    end,
  }
}

function openLines({
  stream,
  now,
}: {
  stream: Pick<NodeJS.WriteStream, 'write'>
  now: () => number
}): ImportProgress {
  let task: { title: string; total: number; value: number; saidAt: number } | undefined
  const tell = () => {
    // An export does not know beforehand how many there are.
    const whole = task && task.total > 0 ? ` of ${task.total}` : ''
    if (task) stream.write(`${task.title}: ${task.value}${whole}\n`)
  }
  const end = () => {
    tell()
    task = undefined
  }
  return {
    say(text) {
      stream.write(`${text}\n`)
    },
    begin(title, total) {
      end()
      task = { title, total, value: 0, saidAt: now() }
    },
    reach(value) {
      if (!task) return
      task.value = value
      if (now() - task.saidAt < PLAIN_EVERY_MS) return
      task.saidAt = now()
      tell()
    },
    end,
  }
}
