import { fitText } from '../fit-text.ts'
import { nameKey } from '../hash.ts'
import { limits } from './limits.ts'
import { unknownTool } from './origin-list.ts'

/** The account of servers beyond those that have their own. */
export const sharedAccount: number = limits.servers - 1

const width = 3
const maxCalls = 255

/** The tools that a session used, with the servers behind them. */
export class ToolList {
  /** As facts show them. */
  readonly names: string[] = []
  /** A server's account is its position here, or `sharedAccount`. */
  readonly serverKeys: number[] = []
  /** Key, calls so far (up to 255) and account of each, side by side. */
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
    return this.restore(fitText(name, limits.nameBytes), key, 0, this.#accountOf(name))
  }

  /**
   * Puts back what was held.
   * @returns the position
   */
  restore(name: string, key: number, calls: number, account: number): number {
    this.#cells.push(key, calls, account)
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

  /** Account of the tool's server. */
  accountAt(position: number): number {
    return position === unknownTool ? sharedAccount : this.#cells[position * width + 2]!
  }

  #accountOf(name: string): number {
    const slash = name.indexOf('/')
    const key = nameKey(slash < 0 ? name : name.slice(0, slash))
    const account = this.serverKeys.indexOf(key)
    if (account >= 0) return account
    return this.serverKeys.length === sharedAccount ? sharedAccount : this.serverKeys.push(key) - 1
  }
}
