export { type ReviewEvent, reviewEvent } from './event/review-event.js'
export { reviewKey } from './event/review-key.js'
export { review } from './review.js'
export { type ReviewSettings, reviewSettings } from './settings/review-settings.js'
