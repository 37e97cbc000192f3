import { createRequire } from 'node:module'

import type { KafkaJsRepairs } from './kafkajs-repairs.ts'

interface RequestQueue {
  readonly pending: readonly unknown[]
  scheduleCheckPendingRequests: () => void
}

interface Connection {
  readonly socketFactory: object
  readonly requestQueue: RequestQueue
  chunks: Buffer[]
  bytesBuffered: number
  bytesNeeded: number
  isConnected(): boolean
  connect: (this: Connection) => Promise<boolean>
}

const require = createRequire(import.meta.url)
const { prototype: connection } = require('kafkajs/src/network/connection') as { prototype: Connection }

const repairsOf = new WeakMap<object, KafkaJsRepairs>()

/** Repairs the connections that are opened by a socket factory. Others of this process stay as kafkajs makes them. */
export const repairConnections = (socketFactory: object, repairs: KafkaJsRepairs): void => {
  repairsOf.set(socketFactory, repairs)
}

const { connect } = connection
connection.connect = async function connectRepaired(this: Connection) {
  const repairs = repairsOf.get(this.socketFactory)
  if (repairs === undefined || this.isConnected()) return await connect.call(this)
  if (repairs.avoidNegativeTimers) avoidNegativeTimers(this.requestQueue)
  return repairs.shareReconnections ? await connectOnce(this, repairs) : await reconnect(this, repairs)
}

// Two requests that find the connection broken would open two sockets, of which both go on feeding it.
const connecting = new WeakMap<Connection, Promise<boolean>>()
const connectOnce = async (broken: Connection, repairs: KafkaJsRepairs): Promise<boolean> => {
  const underWay = connecting.get(broken)
  if (underWay !== undefined) return await underWay
  const attempt = reconnect(broken, repairs)
  connecting.set(broken, attempt)
  try {
    return await attempt
  } finally {
    connecting.delete(broken)
  }
}

// A connection that breaks amid a response keeps the bytes that came, and reads the first response after it connected
// anew behind them: garbage, thrown where nobody catches it.
const lengthBytes = 4
const reconnect = async (broken: Connection, repairs: KafkaJsRepairs): Promise<boolean> => {
  if (repairs.forgetBrokenResponses) {
    broken.chunks = []
    broken.bytesBuffered = 0
    broken.bytesNeeded = lengthBytes
  }
  return await connect.call(broken)
}

// kafkajs looks at its queue of waiting requests by a timer after every response, with a negative delay when nothing
// waits.
const quieted = new WeakSet<RequestQueue>()
const avoidNegativeTimers = (queue: RequestQueue): void => {
  if (quieted.has(queue)) return
  quieted.add(queue)
  const schedule = queue.scheduleCheckPendingRequests.bind(queue)
  queue.scheduleCheckPendingRequests = () => {
    if (queue.pending.length > 0) schedule()
  }
}
