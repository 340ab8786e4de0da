import { createPointwellClient } from '@pointwell/client'
import { PointwellProvider, useBalance, useOffers, useRedeem } from '@pointwell/client/react'
import { createRoot } from 'react-dom/client'

// The shop's own server knows who is signed in, and signs a token for the member.
const token = () => fetch('/token').then((answer) => answer.text())
const client = createPointwellClient({ url: '/graphql', token })

function Points() {
  const { balance, lastChange, isLive } = useBalance()
  return (
    <header>
      <output>{balance?.available ?? '…'}</output> points {!isLive && <em>reconnecting …</em>}
      {lastChange && (
        <p>
          {lastChange.title}: {lastChange.points}
        </p>
      )}
    </header>
  )
}

function Offers() {
  const { balance } = useBalance()
  const offers = useOffers()
  const { redeem, running, done, refusal, error } = useRedeem()
  return (
    <section>
      {offers.items.map(({ id, title, price }) => (
        <button
          key={id}
          type="button"
          disabled={running || !balance || balance.available < price}
          onClick={() => redeem({ offerId: id })}
        >
          {title} for {price} points
        </button>
      ))}
      <p role="status">{done ? `Yours: ${done.offer.title}` : (refusal ?? error)?.message}</p>
    </section>
  )
}

createRoot(document.getElementById('page') as HTMLElement).render(
  <PointwellProvider client={client}>
    <Points />
    <Offers />
  </PointwellProvider>,
)
