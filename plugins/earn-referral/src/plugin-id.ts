/** The source's own id: it follows its own events, too. */
export const PLUGIN_ID = 'referral'
