/** An answer, whole. Header names are in lower case. */
export interface HttpReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface AnswerReader {
  /** @throws Error where the bytes are no answer that keeps its connection */
  push(chunk: Buffer): void
}

/** Reads the answers of one connection, with a length or in chunks, as far as servers on Node send them. */
export const createAnswerReader = (onReply: (reply: HttpReply) => void): AnswerReader => {
  // Latin-1 keeps a byte a character, so that lengths and places agree; the body is read as UTF-8 in the end.
  let text = ''
  return {
    push(chunk) {
      text += chunk.toString('latin1')
      for (;;) {
        const answer = readAnswer(text)
        if (answer === undefined) return
        text = text.slice(answer.end)
        onReply(answer.reply)
      }
    },
  }
}

const readAnswer = (text: string): { readonly reply: HttpReply; readonly end: number } | undefined => {
  const headEnd = text.indexOf('\r\n\r\n')
  if (headEnd < 0) return undefined
  const [statusLine = '', ...lines] = text.slice(0, headEnd).split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1])
  if (Number.isNaN(status)) throw new Error('http: expected an answer, got other bytes')
  const headers = Object.fromEntries(
    lines.map(line => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
  const body = readBody(text, headEnd + 4, headers)
  if (body === undefined) return undefined
  return { reply: { status, headers, body: Buffer.from(body.text, 'latin1').toString() }, end: body.end }
}

const readBody = (
  text: string,
  start: number,
  headers: Readonly<Record<string, string>>,
): { readonly text: string; readonly end: number } | undefined => {
  if (headers['transfer-encoding'] === 'chunked') return readChunks(text, start)
  const length = Number(headers['content-length'] ?? 0)
  const end = start + length
  return text.length < end ? undefined : { text: text.slice(start, end), end }
}

const readChunks = (
  text: string,
  start: number,
): { readonly text: string; readonly end: number } | undefined => {
  const parts: string[] = []
  for (let at = start; ;) {
    const lineEnd = text.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const length = Number.parseInt(text.slice(at, lineEnd), 16)
    if (Number.isNaN(length)) throw new Error('http: expected the length of a chunk, got other bytes')
    const end = lineEnd + 2 + length + 2
    if (text.length < end) return undefined
    if (length === 0) return { text: parts.join(''), end }
    parts.push(text.slice(lineEnd + 2, end - 2))
    at = end
  }
}
