import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { openImportProgress } from './import-progress.js'

describe('E13: the progress of an import', () => {
  it('is a line now and then where nobody looks on', () => {
    const { stream, written } = openSink({ isTTY: false })
    let now = 0
    const progress = openImportProgress({ stream, now: () => now })
    progress.begin('Sending', 1000)
    for (let done = 1; done <= 1000; done += 1) {
      now += 20
      progress.reach(done)
    }
    progress.say('A word between.')
    progress.begin('Balances', 7)
    progress.reach(7)
    progress.begin('Members', 0)
    progress.reach(40)
    progress.end()
    progress.end()
    progress.reach(3)
    expect(written()).toBe(
      [
        'Sending: 250 of 1000',
        'Sending: 500 of 1000',
        'Sending: 750 of 1000',
        'Sending: 1000 of 1000',
        'A word between.',
        'Sending: 1000 of 1000',
        'Balances: 7 of 7',
        // Nobody knew how many there would be.
        'Members: 40',
        '',
      ].join('\n'),
    )
  })

  it('is a bar at a terminal, which a word does not end', () => {
    const { stream, written } = openSink({ isTTY: true })
    const progress = openImportProgress({ stream })
    progress.begin('Sending', 200)
    progress.reach(100)
    progress.say('Trying again.')
    progress.reach(150)
    progress.end()
    expect(written()).toContain('Trying again.\n')
    expect(written()).toMatch(/Sending .*75%.*150 of 200/)
  })
})

function openSink({ isTTY }: { isTTY: boolean }) {
  const chunks: string[] = []
  const sink = new Writable({
    write(chunk, _, done) {
      chunks.push(String(chunk))
      done()
    },
  })
  // What cli-progress asks of a terminal.
  const stream = Object.assign(sink, {
    isTTY,
    columns: 120,
    cursorTo: () => true,
    moveCursor: () => true,
    clearLine: () => true,
  })
  return { stream: stream as unknown as NodeJS.WriteStream, written: () => chunks.join('') }
}
