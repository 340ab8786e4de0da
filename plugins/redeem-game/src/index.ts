export { redeemGame } from './channel/redeem-game.js'
export { endStakeRound, openStakeRound } from './stake/operate-stake.js'
