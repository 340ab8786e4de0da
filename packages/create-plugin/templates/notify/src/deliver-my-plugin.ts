import type { DeliveryContext, Notifier, Words } from '@pointwell/plugin'
import type { MyPluginSettings } from './my-plugin-settings.js'

type Delivered = Awaited<ReturnType<Notifier['deliver']>>

/** Answers of the other side that say that it will not be otherwise the next time: the message, or the address,
 * is wrong. */
const FOR_GOOD = new Set([400, 404, 405, 410, 413, 422])

/**
 * Sends a message to the address of the settings, as JSON. An answer may be lost on its way, so the same message
 * may come twice: its id is in the header `idempotency-key`, and who gets it takes it once.
 */
export async function deliverMyPlugin({
  settings: { address, language },
  message,
  signal,
}: DeliveryContext<MyPluginSettings>): Promise<Delivered> {
  if (address === null) return { outcome: 'again', detail: 'no address is set' }
  const { id, memberId, kind, figures, at } = message
  const words = (it: Words) => (language === 'both' ? it : it[language])
  const body = {
    id,
    memberId,
    kind,
    title: words(message.title),
    body: words(message.body),
    figures,
    at: new Date(at).toISOString(),
  }
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': id },
      body: JSON.stringify(body),
      redirect: 'error',
      signal,
    })
    // What it says besides is of no interest, and left unread it would hold the line.
    await response.body?.cancel()
    if (response.ok) return { outcome: 'delivered' }
    const detail = `the other side answered ${response.status}`
    return { outcome: FOR_GOOD.has(response.status) ? 'dead' : 'again', detail }
  } catch (fault) {
    // Nobody knows whether it arrived: it is sent again, with the same key.
    return {
      outcome: 'again',
      detail: `no answer: ${fault instanceof Error ? fault.message : fault}`,
    }
  }
}
