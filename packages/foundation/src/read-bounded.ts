/**
 * Reads the whole of a body that comes from elsewhere as text, and gives it up as soon as it is too long: held is no more than the bound,
 * in however many pieces it comes.
 * @param body of an answer; `null`: it has none
 * @param refuse makes the error out of what was expected and what was got
 * @throws what `refuse` makes, and whatever the body fails with
 */
export const readBounded = async (
  body: AsyncIterable<Uint8Array> | null,
  maxBytes: number,
  refuse: (problem: string) => Error,
): Promise<string> => {
  let held = new Uint8Array(0)
  let bytes = 0
  for await (const part of body ?? []) {
    const end = bytes + part.length
    // Leaving the loop closes what is read.
    if (end > maxBytes) throw refuse(`expected at most ${maxBytes} bytes, got more`)
    if (end > held.length) {
      const larger = new Uint8Array(Math.min(maxBytes, Math.max(end, 2 * held.length)))
      larger.set(held.subarray(0, bytes))
      held = larger
    }
    held.set(part, bytes)
    bytes = end
  }
  return new TextDecoder().decode(held.subarray(0, bytes))
}
