import { limits } from './limits.ts'

/** A result's tool where it is not known: too many tools or results. */
export const unknownTool = 255

/** The results that brought entities into the session, numbered from 1; the last number is shared by all that follow. */
export class OriginList {
  readonly #calls: number[] = []
  readonly #tools: number[] = []

  get size(): number {
    return this.#calls.length
  }

  /**
   * @param call number of the call in the session
   * @param tool position in the session's tools, or `unknownTool`
   * @returns the result's number
   */
  add(call: number, tool: number): number {
    if (this.size === limits.origins) return this.size
    this.#calls.push(call)
    this.#tools.push(this.size === limits.origins ? unknownTool : tool)
    return this.size
  }

  callOf(origin: number): number {
    return this.#calls[origin - 1]!
  }

  toolOf(origin: number): number {
    return this.#tools[origin - 1]!
  }
}
