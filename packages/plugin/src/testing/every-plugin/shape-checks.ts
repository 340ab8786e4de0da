import { findContractFaults } from '../../boot/find-contract-faults.js'
import { findSettingsFaults } from '../../boot/find-settings-faults.js'
import { COMMON_REFUSALS } from '../../decision/common-refusals.js'
import { findShapeFaults } from '../../define/find-shape-faults.js'
import { wordsSchema } from '../../schema/words-schema.js'
import type { Check, Found } from '../run/finding.js'
import type { Session } from '../run/session.js'

const FINE = { en: 'x', zh: '某' }

/** What can be seen of a plugin without calling it. */
export const shapeChecks: readonly Check<Session>[] = [
  {
    name: 'has-the-shape-of-its-kind',
    means: {
      en: 'it declares all that its kind of plugin has, under a right id and version',
      zh: '按其种类声明了所有必需的部分，id 与版本号正确',
    },
    find: ({ plugin }) => {
      const { title, words, refusals } = plugin
      // Words have a check of their own.
      const inFineWords = {
        ...plugin,
        ...(title !== undefined && { title: FINE }),
        ...(isRecord(words) && { words: undefined }),
        ...(isRecord(refusals) && {
          refusals: Object.fromEntries(Object.keys(refusals).map((code) => [code, FINE])),
        }),
      }
      return allOf(findShapeFaults(inFineWords))
    },
  },
  {
    name: 'has-words-in-both-languages',
    means: {
      en: 'title, words and refusals say something in English and in Chinese',
      zh: '标题、词条与拒绝说明均有中英文',
    },
    find: ({ plugin: { title, words, refusals } }) => {
      const all = { title, ...named('word', words), ...named('refusal', refusals) }
      return allOf(
        Object.entries(all)
          .filter(([, it]) => !wordsSchema.safeParse(it).success)
          .map(([name]) => `its ${name} does not say something in every language (en, zh)`),
      )
    },
  },
  {
    name: 'fits-the-contract',
    means: {
      en: 'its range of the contract has the present version',
      zh: '其声明的合约版本范围包含当前版本',
    },
    find: ({ plugin }) => allOf(findContractFaults(plugin)),
  },
  {
    name: 'settings-have-defaults',
    means: {
      en: 'its settings parse `{}`, take their own output, and can be shown as a form',
      zh: '设置可由 `{}` 解析，能接受自己的输出，并可显示为表单',
    },
    find: ({ plugin }) => allOf(findSettingsFaults(plugin, undefined)),
  },
  {
    name: 'declares-no-common-refusal',
    means: {
      en: 'it declares no refusal code that every plugin has',
      zh: '不重复声明所有插件共有的拒绝代码',
    },
    find: ({ plugin }) =>
      allOf(
        Object.keys(plugin.refusals ?? {})
          .filter((code) => Object.hasOwn(COMMON_REFUSALS, code))
          .map((code) => `its refusal code ${code} is the programme’s already`),
      ),
  },
]

/** Faults as one finding; none: nothing is wrong. */
export function allOf(faults: readonly string[]): Found {
  return faults.length === 0 ? undefined : { fault: faults.join('; ') }
}

function named(what: string, all: object | undefined): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(isRecord(all) ? all : {}).map(([name, it]) => [`${what} ${name}`, it]),
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
