/** Bytes of headers that go on to the tool server: whoever asks writes them, names and values, and nobody judges them. */
export const headerBytesOf = (headers: Readonly<Record<string, string>>): number =>
  Object.entries(headers).reduce((bytes, [name, value]) => bytes + name.length + Buffer.byteLength(value), 0)
