import { fitText } from '../fit-text.ts'
import { limits } from './limits.ts'
import { unknownTool } from './origin-list.ts'

const width = 2
const maxCalls = 255

/** The tools that a session used. */
export class ToolList {
  /** As facts show them. */
  readonly names: string[] = []
  /** Key and calls so far (up to 255) of each, side by side. */
  readonly #cells: number[] = []

  /** Position of the tool, `unknownTool` where there is none. */
  find(key: number): number {
    const cells = this.#cells
    for (let cell = 0; cell < cells.length; cell += width) if (cells[cell] === key) return cell / width
    return unknownTool
  }

  /**
   * Position of the tool, `unknownTool` when the list is full.
   * @param key of the name
   */
  findOrAdd(name: string, key: number): number {
    const found = this.find(key)
    if (found !== unknownTool || this.names.length === limits.tools) return found
    return this.restore(fitText(name, limits.nameBytes), key, 0)
  }

  /**
   * Puts back what was held.
   * @returns the position
   */
  restore(name: string, key: number, calls: number): number {
    this.#cells.push(key, calls)
    return this.names.push(name) - 1
  }

  countCall(position: number): void {
    if (this.callsAt(position) < maxCalls && position !== unknownTool) this.#cells[position * width + 1]! += 1
  }

  keyAt(position: number): number {
    return this.#cells[position * width]!
  }

  callsAt(position: number): number {
    return position === unknownTool ? 0 : this.#cells[position * width + 1]!
  }
}
