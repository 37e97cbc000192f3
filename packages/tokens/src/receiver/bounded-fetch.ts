/** Fetches text from a server that is trusted but may be broken: within a time, up to a size, and from nowhere else. */
export const fetchText = async (
  url: string,
  limits: { readonly timeoutMs: number; readonly maxBytes: number },
): Promise<string> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(limits.timeoutMs), redirect: 'error' })
  if (!response.ok) throw new Error(`fetch: expected status 200, got ${response.status}`)
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > limits.maxBytes) throw new Error(`fetch: expected at most ${limits.maxBytes} bytes, got more`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
