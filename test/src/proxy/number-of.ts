/** The sequence number that a proof states. */
export const numberOf = (proof: string): unknown => {
  const [, payload = ''] = proof.split('.')
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { readonly seq?: unknown }).seq
}
