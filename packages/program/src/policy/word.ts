import { z } from 'zod'

/** An operator's name for something in the policy: lower-case words joined by hyphens. */
export function word() {
  return z
    .string()
    .max(40, { abort: true })
    .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, {
      error: 'Expected lower-case words joined by hyphens, such as `new-year`.',
    })
}
