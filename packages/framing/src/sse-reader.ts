import type { SseEvent } from './sse-event.ts'

/** Reads a stream of events as every agent reads it: WHATWG HTML, §9.2.6. Comments are dropped. */
export interface SseReader {
  /** @throws RangeError where an event is larger than allowed; nothing may be pushed after it */
  push(text: string): void
}

interface OpenEvent {
  data: string[]
  characters: number
  event: string | undefined
  id: string | undefined
  retry: number | undefined
}

const emptyEvent = (): OpenEvent => ({
  data: [],
  characters: 0,
  event: undefined,
  id: undefined,
  retry: undefined,
})

/** @param onEvent gets each event once it is complete; one that the stream breaks off in is not */
export const createSseReader = (maxCharacters: number, onEvent: (event: SseEvent) => void): SseReader => {
  let rest = ''
  let open = emptyEvent()
  let atStart = true
  let afterReturn = false

  const close = (): void => {
    const { data, event, id, retry } = open
    open = emptyEvent()
    // An event without data only moves the place to resume from.
    if (data.length === 0 && id === undefined && retry === undefined) return
    onEvent({
      data: data.join('\n'),
      // An empty name is none.
      ...(event !== undefined && event !== '' && { event }),
      ...(id !== undefined && { id }),
      ...(retry !== undefined && { retry }),
    })
  }

  const readLine = (line: string): void => {
    if (line === '') return close()
    open.characters += line.length
    checkSize(open.characters)
    const colon = line.indexOf(':')
    const field = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (field === 'data') open.data.push(value)
    else if (field === 'event') open.event = value
    else if (field === 'id' && !value.includes('\0')) open.id = value
    else if (field === 'retry' && /^\d{1,9}$/.test(value)) open.retry = Number(value)
  }

  const checkSize = (characters: number): void => {
    if (characters > maxCharacters) {
      throw new RangeError(`event: expected at most ${maxCharacters} characters, got more`)
    }
  }

  return {
    push(text) {
      if (text === '') return
      let start = 0
      if (atStart && text.startsWith('\u{feff}')) start = 1
      atStart = false
      // The second half of a line end whose first half ended the last chunk.
      if (afterReturn && text[start] === '\n') start += 1
      afterReturn = text.endsWith('\r')
      const lineEnd = /\r\n|\n|\r/g
      lineEnd.lastIndex = start
      for (let match = lineEnd.exec(text); match !== null; match = lineEnd.exec(text)) {
        readLine(rest + text.slice(start, match.index))
        rest = ''
        start = lineEnd.lastIndex
      }
      rest += text.slice(start)
      checkSize(open.characters + rest.length)
    },
  }
}
