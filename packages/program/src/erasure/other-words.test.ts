import { describe, expect, it } from 'vitest'
import { otherWords, withoutTexts } from './other-words.js'

const wordsOf = (id: string, ...values: string[]) =>
  otherWords({ ids: [id], identities: values.map((value) => ({ kind: 'phone', value })) }, 'P')

describe('M8: a pseudonym in place of a name', () => {
  it.each([
    ['C-1001', 'C-1001/2026-01-05', 'P/2026-01-05'],
    ['C-1001', 'earn:check-in:C-1001/2026-01-05', 'earn:check-in:P/2026-01-05'],
    ['C-1001', 'reward:C-1001', 'reward:P'],
    ['C-1001', 'asked by C-1001, twice', 'asked by P, twice'],
    ['C-1001', 'C-10012 and XC-1001', 'C-10012 and XC-1001'],
    ['a/b%1', 'a%2Fb%251/2026', 'P/2026'],
    ['会员1001', '会员1001说', '会员1001说'],
    ['会员1001', '(会员1001)', '(P)'],
    ['$^.*(1)', 'accept:$^.*(1)', 'accept:P'],
    ['7', '7/2026-01-05', 'P/2026-01-05'],
    ['7', 'earn:referral:12/reward:7', 'earn:referral:12/reward:P'],
    ['7', 'earn:bell:7/2026', 'earn:bell:P/2026'],
    ['7', '7', '7'],
    ['7', '1.7 or 17/7', '1.7 or 17/7'],
    ['gold', 'gold', 'gold'],
    ['gold', 'purchase:gold', 'purchase:P'],
    ['gold', 'a gold ring', 'a gold ring'],
  ])('%s in %j', (id, text, told) => {
    const words = wordsOf(id)
    expect(words.text(text)).toBe(told)
    expect(words.names(text)).toBe(told !== text)
    expect(words.text(told)).toBe(told)
  })

  it('identities are names, too, where they stand for nothing else', () => {
    const words = wordsOf('C-1001', '13912345678', '12')
    expect(words.text('call 13912345678 at 12')).toBe('call P at 12')
  })

  it('in a document ids are known by their fields, and figures stay what they are', () => {
    const facts = { id: '1', joinedAt: 5, tier: { id: '1', earnMultiplier: '1' } }
    const told = { ...facts, id: 'P' }
    expect(
      wordsOf('1').json({
        memberId: '1',
        facts,
        line: ['0', '1'],
        points: 1,
        rate: '1',
        'purchase:1': { once: 'reward:1', none: null },
      }),
    ).toEqual({
      memberId: 'P',
      facts: told,
      line: ['0', 'P'],
      points: 1,
      rate: '1',
      'purchase:P': { once: 'reward:P', none: null },
    })
  })

  it('what somebody wrote is gone, what the programme says by itself is not', () => {
    expect(
      withoutTexts({
        step: 'cap:day',
        rate: '1.2',
        note: 'ring him',
        zh: '张三',
        list: ['a b', 1],
      }),
    ).toEqual({ step: 'cap:day', rate: '1.2', note: '', zh: '', list: ['', 1] })
  })
})
