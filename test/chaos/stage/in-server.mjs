// Loaded into a server of the run before anything of the product (`node --import`): its clock goes by
// what the run says, and its database driver stops at a named step. The product knows of neither.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const { CHAOS_CONTROL: file, CHAOS_POINTS: withPoints } = process.env
if (file === undefined) throw new Error('CHAOS_CONTROL: Expected the file that says what to do.')
const TICK_MS = 20

let control = readControl()
shiftClock()
setInterval(follow, TICK_MS).unref()
tell()
if (withPoints) watchDatabase()

function readControl() {
  return JSON.parse(readFileSync(file, 'utf8'))
}

function follow() {
  const { turn } = control
  control = readControl()
  if (control.turn !== turn) tell()
}

/** The run waits until its word is heard. */
function tell() {
  writeFileSync(`${file}.heard`, String(control.turn))
}

/** `Date` is so much ahead of the machine's clock; timers go by a clock of their own. */
function shiftClock() {
  const { now } = Date
  const shifted = () => now() + control.aheadMs
  Date.now = shifted
  globalThis.Date = new Proxy(Date, {
    construct: (date, args, as) =>
      Reflect.construct(date, args.length === 0 ? [shifted()] : args, as),
    apply: () => new Date(shifted()).toString(),
  })
}

function watchDatabase() {
  const require = createRequire(new URL('../../../packages/ledger/package.json', import.meta.url))
  const { Connection } = require('mysql2')
  watchMysql(Connection.prototype)
  watchSqlite(require('better-sqlite3').prototype)
}

/** The step that the run waits for, if this transaction is it: asked for at each commit. */
function stepOf(statements, at) {
  const { point } = readControl()
  if (point === null || point.at !== at) return false
  const text = statements.join(';\n')
  return point.matches.every((pattern) => new RegExp(pattern).test(text)) ? point : false
}

function hit({ name }) {
  appendFileSync(`${file}.hits`, `${name}\n`)
}

/** What is asked of a connection since its transaction began. A commit that is the step is never sent, or its
 * answer never comes; the run kills the server when it has seen that. */
function watchMysql(prototype) {
  const { query } = prototype
  const asked = new WeakMap()
  prototype.query = function (sql, values, done) {
    // The driver takes values or leaves them out.
    const [given, heard] = typeof values === 'function' ? [undefined, values] : [values, done]
    const text = typeof sql === 'string' ? sql : sql.sql
    if (text === 'START TRANSACTION') asked.set(this, [])
    const statements = asked.get(this) ?? []
    if (text !== 'COMMIT') {
      statements.push(Array.isArray(given) ? `${text} ${JSON.stringify(given)}` : text)
      return query.call(this, sql, values, done)
    }
    const before = stepOf(statements, 'before')
    if (before) return hit(before)
    const after = stepOf(statements, 'after')
    if (!after) return query.call(this, sql, values, done)
    return query.call(this, sql, given, (fault, ...results) => {
      if (fault) return heard(fault, ...results)
      hit(after)
    })
  }
}

/** One transaction at a time, and nothing else goes on meanwhile: the server kills itself at the step. */
function watchSqlite(prototype) {
  const { prepare, exec } = prototype
  let statements = []
  prototype.exec = function (text) {
    if (/^BEGIN/.test(text)) statements = []
    return exec.call(this, text)
  }
  prototype.prepare = function (text) {
    const statement = prepare.call(this, text)
    if (/^\s*SELECT/i.test(text)) return statement
    for (const name of ['run', 'all', 'get']) {
      const perform = statement[name]
      statement[name] = function (...values) {
        if (text !== 'COMMIT') {
          statements.push(`${text} ${JSON.stringify(values)}`)
          return perform.apply(this, values)
        }
        die(stepOf(statements, 'before'))
        const answer = perform.apply(this, values)
        die(stepOf(statements, 'after'))
        return answer
      }
    }
    return statement
  }
}

function die(step) {
  if (!step) return
  hit(step)
  process.kill(process.pid, 'SIGKILL')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}
