import { createSseReader } from './sse-reader.ts'
import { sseText } from './sse-text.ts'

export const seeds: readonly Buffer[] = [
  // Found: an event whose name is empty.
  'event\ndata\r\r',
  'event: message\nid: 1\nretry: 10\ndata: {"a":1}\n\n: nothing\n\n',
  '\u{feff}data:a\r\ndata: b\r\rid: \0\r\n\r\n',
].map(text => Buffer.from(text))

const maxCharacters = 256

/** The events are the same wherever the stream is cut, and writing one anew changes nothing in it. */
export const run = (bytes: Buffer): void => {
  const text = bytes.toString('utf8')
  const whole = eventsOf([text])
  const parts = eventsOf(text.split(''))
  if (whole !== undefined && parts !== undefined && whole !== parts)
    throw new Error('a cut changes the events')
  const again = whole === undefined ? undefined : eventsOf((JSON.parse(whole) as never[]).map(sseText))
  // One more space or line end may make it too large.
  if (again !== undefined && again !== whole) throw new Error('writing the events anew changes them')
}

const eventsOf = (parts: readonly string[]): string | undefined => {
  const events: unknown[] = []
  const reader = createSseReader(maxCharacters, event => events.push(event))
  try {
    for (const part of parts) reader.push(part)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
  return JSON.stringify(events)
}
