const MOST = 500

/** What is kept of an error: so much that it can be recognised, and nothing that no store takes. */
export function errorText(error: string): string {
  return error.slice(0, MOST).replaceAll(/\p{Cs}/gu, '\ufffd')
}
