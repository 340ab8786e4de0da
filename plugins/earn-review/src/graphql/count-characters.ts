/** How long a text is: its characters, of whatever script, without white space. */
export function countCharacters(text: string): number {
  return [...text.replace(/\p{White_Space}/gu, '')].length
}
