import type { Refusal } from '@cordon/engine-socket'

/** `WWW-Authenticate` as RFC 6750 §3 and RFC 9728 §5.1 have it; without a token there is no error to name. */
export const challenge = (metadataUrl: string, refusal?: Refusal): string => {
  const where = `Bearer resource_metadata="${metadataUrl}"`
  if (refusal === undefined || refusal.reason === 'TOKEN_MISSING') return where
  return `${where}, error="invalid_token", error_description="${quotable(refusal.message)}"`
}

// RFC 6750 §3: %x20-21 / %x23-5B / %x5D-7E
const quotable = (text: string): string => text.replaceAll(/[^\u0020-\u0021\u0023-\u005b\u005d-\u007e]/g, ' ')
