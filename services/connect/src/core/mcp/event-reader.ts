/** One event of a stream; `data` is empty in an event that only names an id to resume from. */
export interface StreamEvent {
  readonly data: string
  readonly id?: string
  /** Milliseconds. */
  readonly retry?: number
}

/** What a message may have; the proxy lets no larger one through. */
const longestEvent = 17 * 1024 * 1024

/**
 * Reads a stream of events (WHATWG HTML, §9.2.6); comments are dropped.
 * @returns takes the next piece, and gives the events that it completes
 * @throws RangeError where an event is larger than the proxy lets through
 */
export const createEventReader = (): ((text: string) => readonly StreamEvent[]) => {
  let rest = ''
  let data: string[] = []
  let id: string | undefined
  let retry: number | undefined
  let size = 0

  const complete = (): StreamEvent | undefined => {
    const isSomething = data.length > 0 || id !== undefined || retry !== undefined
    const event = {
      data: data.join('\n'),
      ...(id !== undefined && { id }),
      ...(retry !== undefined && { retry }),
    }
    data = []
    id = undefined
    retry = undefined
    size = 0
    return isSomething ? event : undefined
  }

  const take = (line: string): void => {
    size += line.length
    const [, field = '', value = ''] = /^([^:]*):? ?([^]*)$/.exec(line) ?? []
    if (field === 'data') data.push(value)
    else if (field === 'id' && !value.includes('\0')) id = value
    else if (field === 'retry' && /^\d{1,9}$/.test(value)) retry = Number(value)
  }

  return text => {
    const events: StreamEvent[] = []
    if (size + rest.length + text.length > longestEvent)
      throw new RangeError(`event: expected at most ${longestEvent} characters, got more`)
    // A large message comes in many pieces, which are not looked through again with each.
    if (!/[\r\n]/.test(text) && !rest.endsWith('\r')) {
      rest += text
      return events
    }
    // The end of a line that may be half of one waits for what follows.
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line !== '') {
        take(line)
        continue
      }
      const event = complete()
      if (event !== undefined) events.push(event)
    }
    return events
  }
}
