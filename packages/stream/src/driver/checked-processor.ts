import type { ProcessResult, StatefulProcessor, StateView } from '../stateful-processor.ts'

/**
 * A processor that is held to its contract, which a running task takes on trust: a state that was changed is among the
 * changes, and encoding loses nothing.
 */
export const checkedProcessor = <State>(
  processor: StatefulProcessor<State>,
  onBroken: (broken: ContractBroken) => void,
): StatefulProcessor<State> => {
  const views = new WeakMap<StateView<State>, CheckedView<State>>()
  const checked = (
    states: StateView<State>,
    process: (view: CheckedView<State>) => ProcessResult<State>,
  ): ProcessResult<State> => {
    const view = views.get(states) ?? new CheckedView(states, processor)
    views.set(states, view)
    view.begin()
    const result = process(view)
    const broken = view.check(result)
    if (broken !== undefined) onBroken(broken)
    return result
  }
  const { input, changelog, claimed } = processor
  return {
    input,
    changelog,
    claimed,
    process: (input, states) => checked(states, view => processor.process(input, view)),
    processPoison: (key, input, states) => checked(states, view => processor.processPoison(key, input, view)),
    encodeState: state => processor.encodeState(state),
    decodeState: value => processor.decodeState(value),
    tick: (partition, now) => processor.tick(partition, now),
    beat: (partition, position, now) => processor.beat(partition, position, now),
  }
}

/** A processor broke its contract; in a running task this would show as decisions that differ after a crash. */
export class ContractBroken extends Error {
  constructor(key: string, expected: string) {
    super(`processor, state ${JSON.stringify(key)}: expected ${expected}`)
    this.name = 'ContractBroken'
  }
}

class CheckedView<State> implements StateView<State> {
  readonly #states: StateView<State>
  readonly #processor: StatefulProcessor<State>
  readonly #handedOut = new Map<string, { readonly state: State; readonly before: Buffer }>()

  constructor(states: StateView<State>, processor: StatefulProcessor<State>) {
    this.#states = states
    this.#processor = processor
  }

  begin(): void {
    this.#handedOut.clear()
  }

  get(key: string): State | undefined {
    const state = this.#states.get(key)
    if (state !== undefined && !this.#handedOut.has(key)) {
      this.#handedOut.set(key, { state, before: this.#processor.encodeState(state) })
    }
    return state
  }

  survey<Seen>(look: (value: Buffer) => Seen): IterableIterator<[string, Seen]> {
    return this.#states.survey(look)
  }

  check({ changes }: ProcessResult<State>): ContractBroken | undefined {
    const changed = new Set(changes.map(({ key }) => key))
    for (const [key, { state, before }] of this.#handedOut) {
      if (changed.has(key) || this.#processor.encodeState(state).equals(before)) continue
      return new ContractBroken(key, 'a state that was changed to be among the changes')
    }
    for (const { key, state } of changes) {
      if (state === null) continue
      const bytes = this.#processor.encodeState(state)
      const again = this.#processor.encodeState(this.#processor.decodeState(bytes))
      if (!again.equals(bytes)) return new ContractBroken(key, 'the same bytes after decoding and encoding')
    }
    return undefined
  }
}
