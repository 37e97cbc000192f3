import { z } from 'zod'

/** Where a token's status stands (draft-ietf-oauth-status-list §6.2). */
export interface StatusClaims {
  readonly status_list: { readonly idx: number; readonly uri: string }
}

export const statusClaimsSchema: z.ZodType<StatusClaims> = z.strictObject({
  status_list: z.strictObject({
    idx: z.number().int().nonnegative(),
    uri: z
      .string()
      .max(512)
      .regex(/^https?:\/\/\S+$/),
  }),
})
