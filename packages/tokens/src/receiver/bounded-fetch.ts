import { readBounded } from '@cordon/foundation'

/** Fetches text from a server that is trusted but may be broken: within a time, up to a size, and from nowhere else. */
export const fetchText = async (
  url: string,
  limits: { readonly timeoutMs: number; readonly maxBytes: number },
): Promise<string> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(limits.timeoutMs), redirect: 'error' })
  if (!response.ok) throw new Error(`fetch: expected status 200, got ${response.status}`)
  return readBounded(response.body, limits.maxBytes, problem => new Error(`fetch: ${problem}`))
}
