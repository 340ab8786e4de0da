/** Tokens are no longer than this; they do not stand where a text has to be shorter. */
export const LONGEST_TOKEN = 20
