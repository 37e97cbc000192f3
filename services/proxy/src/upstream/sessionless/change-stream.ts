import { isJsonObject } from '../../core/json-rpc.ts'
import type { JsonObject, RequestId } from '../../core/json-rpc.ts'
import { isSubscribableUri, maxSubscribedUris } from '../../core/subscribed-uris.ts'
import type { Timers } from '../../ports.ts'

/** What an agent in a session is told of without asking, asked of a server that tells only who listens. */
export interface ChangeStream {
  /** The agent is ready for what the server tells. @param lists those whose changes it tells */
  start(lists: ToldLists): void
  /** @returns false where it is no URI, or one more than an agent may listen to */
  subscribe(uri: unknown): boolean
  unsubscribe(uri: string): void
  /** The server ended a request; where that was the stream, it is opened again. @returns whether it was */
  lost(id: RequestId): boolean
}

/** A filter of `subscriptions/listen`. */
export type ToldLists = Readonly<Record<string, true>>

export interface ChangeStreamOptions {
  /** Unguessable: the agent names its requests itself. */
  readonly newId: () => string
  readonly listen: (id: RequestId, filter: JsonObject) => void
  readonly leave: (id: RequestId) => void
  readonly timers: Timers
}

/** A server that restarts is there again by then; one that refuses is not asked too often. */
const againMs = 5_000

const lists: Readonly<Record<string, string>> = {
  tools: 'toolsListChanged',
  prompts: 'promptsListChanged',
  resources: 'resourcesListChanged',
}

/** @param capabilities of the server */
export const toldLists = (capabilities: JsonObject): ToldLists =>
  Object.fromEntries(
    Object.entries(lists).flatMap(([capability, filter]): readonly [string, true][] => {
      const declared = capabilities[capability]
      return isJsonObject(declared) && declared['listChanged'] === true ? [[filter, true]] : []
    }),
  )

export const createChangeStream = ({ newId, listen, leave, timers }: ChangeStreamOptions): ChangeStream => {
  const uris = new Set<string>()
  let told: ToldLists = {}
  let id: RequestId | undefined

  /** A stream cannot be changed; another one takes its place. */
  const listenAnew = (): void => {
    if (id !== undefined) leave(id)
    id = undefined
    const filter = { ...told, ...(uris.size > 0 && { resourceSubscriptions: [...uris] }) }
    if (Object.keys(filter).length === 0) return
    id = newId()
    listen(id, filter)
  }

  return {
    start(asked) {
      told = asked
      listenAnew()
    },
    subscribe(uri) {
      if (!isSubscribableUri(uri)) return false
      if (uris.has(uri)) return true
      if (uris.size >= maxSubscribedUris) return false
      uris.add(uri)
      listenAnew()
      return true
    },
    unsubscribe(uri) {
      if (uris.delete(uri)) listenAnew()
    },
    lost(ended) {
      if (ended !== id) return false
      id = undefined
      timers.after(againMs, () => {
        if (id === undefined) listenAnew()
      })
      return true
    },
  }
}
