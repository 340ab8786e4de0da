/** Whether a day (`YYYY-MM-DD`) is a member's birthday. The 29th of February is kept on the 28th in
 * years that have none. */
export function isBirthday(
  date: string,
  birthday: { readonly month: number; readonly day: number } | null,
): boolean {
  if (birthday === null) return false
  const [year = 0, month, day] = date.split('-').map(Number)
  const kept = birthday.month === 2 && birthday.day === 29 && !isLeapYear(year) ? 28 : birthday.day
  return month === birthday.month && day === kept
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}
