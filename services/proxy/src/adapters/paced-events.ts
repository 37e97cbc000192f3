import type { TurnBudget } from './turn-budget.ts'

/** Hands on what a tool server says, in its order and no faster than its budget allows; meanwhile nothing more is read. */
export interface PacedEvents<Event> {
  readonly push: (event: Event) => void
  /** Whoever gets the events cannot take more. */
  readonly pause: () => void
  readonly resume: () => void
  /** There is nothing more to come: what waits is handed on at once. */
  readonly flush: () => void
}

export interface PacedSource {
  pause(): unknown
  resume(): unknown
}

export const createPacedEvents = <Event>(
  budget: TurnBudget,
  source: PacedSource,
  handle: (event: Event) => void,
): PacedEvents<Event> => {
  let waiting: Event[] = []
  /** The first of them that was not handed on. */
  let at = 0
  let isPaused = false
  let isScheduled = false

  const schedule = (): void => {
    if (isScheduled) return
    isScheduled = true
    source.pause()
    budget.onNext(goOn)
  }

  const hasRoom = (): boolean => !isPaused && budget.take()

  /** Whoever handles an event may end it all. */
  const handleNext = (): void => {
    const event = waiting[at]!
    at += 1
    if (at === waiting.length) {
      waiting = []
      at = 0
    }
    handle(event)
  }

  const goOn = (): void => {
    isScheduled = false
    while (waiting.length > 0 && hasRoom()) handleNext()
    if (isPaused) return
    if (waiting.length > 0) schedule()
    else source.resume()
  }

  return {
    push(event) {
      if (waiting.length === 0 && !isPaused && !isScheduled && budget.take()) return handle(event)
      waiting.push(event)
      if (!isPaused) schedule()
    },
    pause() {
      isPaused = true
      source.pause()
    },
    resume() {
      isPaused = false
      if (!isScheduled) goOn()
    },
    flush() {
      while (waiting.length > 0) handleNext()
    },
  }
}
