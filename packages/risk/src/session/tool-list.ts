import { fitText } from '../fit-text.ts'
import { nameKey } from '../hash.ts'
import { limits } from './limits.ts'
import { unknownTool } from './origin-list.ts'

/** The account of servers beyond those that have their own. */
export const sharedAccount: number = limits.servers - 1

/** The tools that a session used, with the servers behind them. */
export class ToolList {
  readonly names: string[] = []
  readonly keys: number[] = []
  /** Calls so far, up to 255. */
  readonly calls: number[] = []
  /** Position in `serverKeys`, or `sharedAccount`. */
  readonly servers: number[] = []
  readonly serverKeys: number[] = []

  /** Position of the tool, `unknownTool` where there is none. */
  find(key: number): number {
    const position = this.keys.indexOf(key)
    return position < 0 ? unknownTool : position
  }

  /**
   * Position of the tool, `unknownTool` when the list is full.
   * @param key of the name, where it is known already
   */
  findOrAdd(name: string, key: number = nameKey(name)): number {
    const found = this.find(key)
    if (found !== unknownTool || this.names.length === limits.tools) return found
    const position = this.names.length
    this.names.push(fitText(name, limits.nameBytes))
    this.keys.push(key)
    this.calls.push(0)
    this.servers.push(this.#accountOf(name))
    return position
  }

  countCall(position: number): void {
    if (position !== unknownTool && this.calls[position]! < 255) this.calls[position]! += 1
  }

  callsOf(position: number): number {
    return position === unknownTool ? 0 : this.calls[position]!
  }

  serverOf(position: number): number {
    return position === unknownTool ? sharedAccount : this.servers[position]!
  }

  #accountOf(name: string): number {
    const slash = name.indexOf('/')
    const key = nameKey(slash < 0 ? name : name.slice(0, slash))
    const account = this.serverKeys.indexOf(key)
    if (account >= 0) return account
    if (this.serverKeys.length === sharedAccount) return sharedAccount
    return this.serverKeys.push(key) - 1
  }
}
