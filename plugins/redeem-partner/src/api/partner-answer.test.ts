import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readPartnerAnswer } from './partner-answer.js'
import { isAllowedUrl, isSecretName } from './partner-environment.js'

describe('R6: what a partner’s answer comes to', () => {
  const done = { status: 'done', code: 'A-1' }
  test.each<[number, unknown, object]>([
    [200, done, { is: 'done', code: 'A-1', expiresAt: null }],
    [200, { status: 'done' }, { is: 'done', code: null, expiresAt: null }],
    [
      200,
      { ...done, expiresAt: '2027-01-01T00:00:00+08:00', more: 1 },
      { is: 'done', code: 'A-1', expiresAt: Date.parse('2026-12-31T16:00:00Z') },
    ],
    [200, { status: 'refused', reason: 'none left' }, { is: 'refused' }],
    [409, { status: 'refused', reason: '' }, { is: 'refused' }],
    [422, { status: 'refused', reason: 'x' }, { is: 'refused' }],
    [200, { status: 'pending' }, { is: 'pending' }],
    [200, { status: 'cancelled' }, { is: 'cancelled' }],
    [404, {}, { is: 'none' }],
  ])('%s %j', (status, body, answer) => {
    expect(readPartnerAnswer(status, JSON.stringify(body))).toEqual(answer)
  })

  test.each<[number, string]>([
    [409, '{"status":"done","code":"A-1"}'],
    [422, '{"error":"no"}'],
    [400, '{"status":"refused","reason":"x"}'],
    [403, '{"status":"refused","reason":"x"}'],
    [500, '{"status":"refused","reason":"x"}'],
    [503, '{"status":"done","code":"A-1"}'],
    [201, '{"status":"done","code":"A-1"}'],
    [302, '{"status":"done","code":"A-1"}'],
    [200, ''],
    [200, 'null'],
    [200, '[]'],
    [200, '{"status":"Done"}'],
    [200, '{"status":"refused"}'],
    [200, '{"status":"done","code":""}'],
    [200, '{"status":"done","code":"with a space"}'],
    [200, '{"status":"done","code":"A-1","expiresAt":"tomorrow"}'],
    [200, '{"status":"done","code":"A-1"}{"status":"done","code":"A-1"}'],
  ])('%s %s is unknown', (status, body) => {
    expect(readPartnerAnswer(status, body)).toMatchObject({ is: 'unknown' })
  })

  test('it never throws, and says no or yes only where it is said', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 599 }),
        fc.oneof(fc.string(), fc.json()),
        (status, body) => {
          const { is } = readPartnerAnswer(status, body)
          expect(is).toBe(status === 404 ? 'none' : 'unknown')
        },
      ),
    )
  })
})

describe('where a server speaks to', () => {
  const environment = {
    POINTWELL_PARTNER_HOSTS:
      ' api.cinema.example, api.bank.example:8443,http://127.0.0.1:8080, ,nonsense://x',
  }
  test.each([
    ['https://api.cinema.example', true],
    ['https://api.cinema.example/v1/', true],
    ['https://API.cinema.example:443/v1', true],
    ['https://api.bank.example:8443/x', true],
    ['http://127.0.0.1:8080/api', true],
    ['http://api.cinema.example', false],
    ['https://api.bank.example', false],
    ['https://127.0.0.1:8080', false],
    ['http://127.0.0.1', false],
    ['http://localhost:8080', false],
    ['https://api.cinema.example.evil.example', false],
    ['https://evil.example/api.cinema.example', false],
    ['https://user@api.cinema.example', false],
    ['https://api.cinema.example/?x=1', false],
    ['https://api.cinema.example/#x', false],
    ['file:///etc/passwd', false],
    ['http://169.254.169.254/latest', false],
    ['nonsense', false],
    ['', false],
  ])('%s: %s', (url, isAllowed) => {
    expect(isAllowedUrl(url, environment)).toBe(isAllowed)
    expect(isAllowedUrl(url, {})).toBe(false)
  })

  test('what lists hosts is no secret', () => {
    expect(['CINEMA', 'A_1'].map(isSecretName)).toEqual([true, true])
    expect(['HOSTS', 'cinema', '', '1A', 'A-B', 'A'.repeat(41)].some(isSecretName)).toBe(false)
  })
})
