import { StreamError, TransientFault } from '../stream-error.ts'
import type { MemoryFaults } from './memory-faults.ts'
import type { MemoryAct, MemoryStep, MemoryTransport } from './memory-step.ts'

/** The request may have taken effect or not. */
class ConnectionLost extends TransientFault {}

export interface MemoryLinkOptions {
  readonly client: string
  readonly transport: MemoryTransport
  readonly faults: MemoryFaults
}

/** One client's connection: everything that it asks and hears goes through it, as steps that may be held or cut off. */
export class MemoryLink {
  readonly client: string
  readonly #options: MemoryLinkOptions
  #state: 'connected' | 'isolated' | 'crashed' | 'closed' = 'connected'
  #held: MemoryStep[] = []

  constructor(options: MemoryLinkOptions) {
    this.client = options.client
    this.#options = options
  }

  get isOpen(): boolean {
    return this.#state === 'connected' || this.#state === 'isolated'
  }

  get isConnected(): boolean {
    return this.#state === 'connected'
  }

  /** Resolves with what `perform` returns in the cluster. Rejects with `ConnectionLost` where it broke. */
  async request<Result>(act: MemoryAct, perform: () => Result): Promise<Result> {
    if (!this.isOpen) throw closedError(act.operation)
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    const answer = (run: () => void): void => this.#step(act, 'answer', run)
    this.#step(act, 'request', () => {
      const fault = this.#options.faults.take(act)
      const lost = (): ConnectionLost =>
        new ConnectionLost(`${act.operation}: expected an answer, got a broken connection`)
      if (fault?.kind === 'lost request') return answer(() => reject(lost()))
      if (fault?.kind === 'rejected') return answer(() => reject(fault.error))
      try {
        const result = perform()
        answer(() => (fault === undefined ? resolve(result) : reject(lost())))
      } catch (error) {
        answer(() => reject(error))
      }
    })
    return await promise
  }

  /** As `request`, and again while the connection breaks, as often as it takes. */
  async persist<Result>(act: MemoryAct, perform: () => Result): Promise<Result> {
    for (;;) {
      try {
        return await this.request(act, perform)
      } catch (error) {
        if (!(error instanceof ConnectionLost)) throw error
      }
    }
  }

  /** Tells the client something that it did not ask for. */
  tell(act: MemoryAct, hear: () => void): void {
    this.#step(act, 'answer', hear)
  }

  /** Nothing of the client takes effect any more, and it hears nothing. */
  crash(): void {
    this.#state = 'crashed'
    this.#held = []
  }

  /** What the client sends and hears is held back: it stands still and does not know. */
  isolate(): void {
    if (this.#state === 'connected') this.#state = 'isolated'
  }

  reconnect(): void {
    if (this.#state !== 'isolated') return
    this.#state = 'connected'
    const held = this.#held
    this.#held = []
    for (const step of held) this.#options.transport(step)
  }

  close(): void {
    if (this.#state !== 'crashed') this.#state = 'closed'
  }

  #step(act: MemoryAct, phase: MemoryStep['phase'], effect: () => void): void {
    const step: MemoryStep = {
      ...act,
      client: this.client,
      phase,
      run: () => {
        if (this.#state === 'isolated') this.#held.push(step)
        // What was on its way when a client closed still arrives.
        else if (this.#state !== 'crashed') effect()
      },
    }
    this.#options.transport(step)
  }
}

export const closedError = (what: string): StreamError =>
  new StreamError('CLOSED', `${what}: expected an open client, got a closed one`)
