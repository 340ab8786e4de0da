import childProcess from 'node:child_process'
import crypto from 'node:crypto'
import dns from 'node:dns'
import fs from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import { performance } from 'node:perf_hooks'

/*
 * What a decision must not touch: clocks, chance, timers, network, files. While a watched function runs
 * each touch is written down by its name. Clocks and chance answer as ever, for the answer is wanted, too;
 * nothing is started that would go on after the function: a timer never fires, a request is not made.
 */

type Anything = Record<string, unknown>

/** Of whoever is watched just now; undefined: nobody. */
let touched: Set<string> | undefined
/** What puts the globals back. */
let undo: (() => void)[] = []

/** Runs synchronous work with built-in modules watched, too: randomness, files, network. Takes longer to set
 * up than a decision takes, so one goes round many. */
export function withWatchedModules<T>(run: () => T): T {
  const restore: (() => void)[] = []
  try {
    watchModules(restore)
    return run()
  } finally {
    for (const undo of restore.reverse()) undo()
    syncBuiltinESMExports()
  }
}

/** Runs a synchronous function, and adds to `names` what it touches, also where it throws. */
export function watchImpurity<T>(run: () => T, names: Set<string>): T {
  touched = names
  try {
    watchGlobals()
    return run()
  } finally {
    endWatch()
  }
}

/** Puts back what a watch has replaced, also where it was broken off anywhere and could not do so itself. */
export function endWatch(): void {
  for (const it of undo) it()
  undo = []
  touched = undefined
}

/** Each is noted to be put back before it is replaced: what breaks a watch off does so between any two
 * statements, and a process with a timer or a tick left out never comes to its end. */
function watchGlobals(): void {
  const place = globalThis as unknown as Anything
  const hold = { unref: () => hold, ref: () => hold, hasRef: () => false, refresh: () => hold }
  const noTimer = () => hold
  const noRequest = () => new Promise<never>(() => {})
  const RealDate = Date
  const FakeDate = new Proxy(RealDate, {
    construct(target, given, self) {
      if (given.length === 0) touched?.add('new Date()')
      return Reflect.construct(target, given, self)
    },
    apply(target, self, given) {
      touched?.add('Date()')
      return Reflect.apply(target, self, given)
    },
    get(target, name) {
      return name === 'now' ? noted('Date.now', RealDate.now) : Reflect.get(target, name)
    },
  })
  const watch = (of: object, name: string, value: unknown) =>
    replace(of as Anything, name, value, undo)
  watch(place, 'Date', FakeDate)
  watch(Math, 'random', noted('Math.random', Math.random))
  watch(place, 'fetch', noted('fetch', noRequest))
  for (const name of ['setTimeout', 'setInterval', 'setImmediate']) {
    watch(place, name, noted(name, noTimer))
  }
  const never = () => undefined
  watch(place, 'queueMicrotask', noted('queueMicrotask', never))
  watch(process, 'nextTick', noted('process.nextTick', never))
  watch(process, 'hrtime', notedClock())
  watch(performance, 'now', noted('performance.now', performance.now.bind(performance)))
  const { crypto } = globalThis
  watch(crypto, 'getRandomValues', methodOf(crypto, 'getRandomValues'))
  watch(crypto, 'randomUUID', methodOf(crypto, 'randomUUID'))
}

function notedClock() {
  const { hrtime } = process
  return Object.assign(noted('process.hrtime', hrtime), {
    bigint: noted('process.hrtime', hrtime.bigint.bind(hrtime)),
  })
}

function methodOf(target: typeof globalThis.crypto, name: 'getRandomValues' | 'randomUUID') {
  return noted(`crypto.${name}`, target[name].bind(target))
}

/** Of the modules only what a decision could reach for; hashing is pure. */
function watchModules(restore: (() => void)[]): void {
  const chance = ['randomBytes', 'randomInt', 'randomUUID', 'randomFillSync', 'generateKeyPairSync']
  const watch = (module: string, exports: object, names: readonly string[]) => {
    for (const name of names) watchExport({ module, exports: exports as Anything, name }, restore)
  }
  watch('crypto', crypto, chance)
  watch(
    'fs',
    fs,
    Object.keys(fs).filter((name) =>
      /^(read|write|append|open|stat|exists|access|rm|mkdir|unlink)/.test(name),
    ),
  )
  watch('http', http, ['request', 'get'])
  watch('https', https, ['request', 'get'])
  watch('net', net, ['connect', 'createConnection'])
  watch('child_process', childProcess, ['exec', 'execSync', 'spawn', 'spawnSync', 'fork'])
  watch('dns', dns, ['lookup'])
  syncBuiltinESMExports()
}

function watchExport(
  { module, exports, name }: { module: string; exports: Anything; name: string },
  restore: (() => void)[],
): void {
  const real = exports[name]
  if (typeof real !== 'function') return
  replace(exports, name, noted(`${module}.${name}`, real as () => unknown), restore)
}

/** The same function, which writes down its name while somebody is watched. */
function noted<F extends (...given: never[]) => unknown>(name: string, run: F): F {
  const watched = function (this: unknown, ...given: never[]) {
    touched?.add(name)
    return run.apply(this, given)
  }
  return Object.assign(watched as unknown as F, run)
}

function replace(place: Anything, name: string, value: unknown, restore: (() => void)[]): void {
  const before = Object.getOwnPropertyDescriptor(place, name)
  restore.push(() => {
    if (before) Object.defineProperty(place, name, before)
    else delete place[name]
  })
  Object.defineProperty(place, name, {
    value,
    configurable: true,
    writable: true,
    enumerable: true,
  })
}
