import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { atEndOfFile } from './end-of-file.js'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/** Where a Chromium is, or undefined when the machine has none: then its tests are skipped, loudly, and fail under CI. */
export function findChromium(): string | undefined {
  const given = process.env.POINTWELL_TEST_CHROMIUM
  const folders = (process.env.PATH ?? '').split(delimiter)
  const found = given ?? folders.flatMap((it) => NAMES.map((name) => join(it, name))).find(canRun)
  if (found) return found
  const message =
    'No Chromium on this machine: install chromium, or set POINTWELL_TEST_CHROMIUM to its program.'
  if (process.env.CI) throw new Error(message)
  console.warn(
    `\n${'!'.repeat(78)}\n${message}\nThe tests in a browser are SKIPPED.\n${'!'.repeat(78)}\n`,
  )
  return undefined
}

/** A page of a browser that ends with the calling file. `faults`: what it said of what went wrong in it. */
export async function openPage(program: string): Promise<{ page: Page; faults: string[] }> {
  const isRoot = process.getuid?.() === 0
  const browser: Browser = await chromium.launch({
    executablePath: program,
    // Chromium makes no sandbox for root; elsewhere it has one.
    chromiumSandbox: !isRoot,
    args: ['--disable-dev-shm-usage'],
  })
  atEndOfFile(() => browser.close())
  const page = await browser.newPage()
  // For machines that are slow or busy.
  page.setDefaultTimeout(120_000)
  const faults: string[] = []
  page.on('pageerror', (fault) => faults.push(String(fault)))
  return { page, faults }
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
