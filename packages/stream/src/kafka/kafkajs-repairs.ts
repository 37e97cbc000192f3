import { createRequire } from 'node:module'

interface RequestQueue {
  readonly pending: readonly unknown[]
  scheduleCheckPendingRequests: (this: RequestQueue) => void
}

interface Connection {
  chunks: Buffer[]
  bytesBuffered: number
  bytesNeeded: number
  isConnected(): boolean
  connect: (this: Connection) => Promise<boolean>
}

const require = createRequire(import.meta.url)
const { prototype: requestQueue } = require('kafkajs/src/network/requestQueue') as { prototype: RequestQueue }
const { prototype: connection } = require('kafkajs/src/network/connection') as { prototype: Connection }

// kafkajs looks at its queue of waiting requests by a timer after every response, with a negative delay when nothing
// waits: Node warns (TimeoutNegativeWarning, tulios/kafkajs#1751) and each response costs a timer.
const { scheduleCheckPendingRequests } = requestQueue
requestQueue.scheduleCheckPendingRequests = function schedule(this: RequestQueue) {
  if (this.pending.length > 0) scheduleCheckPendingRequests.call(this)
}

// A connection that breaks amid a response keeps the bytes that came, and reads the first response after it connected
// anew behind them: garbage, thrown where nobody catches it. And two requests that find it broken open two sockets, of
// which both go on feeding it.
const lengthBytes = 4
const { connect } = connection
const connecting = new WeakMap<Connection, Promise<boolean>>()
connection.connect = async function connectOnce(this: Connection) {
  if (this.isConnected()) return true
  const underWay = connecting.get(this)
  if (underWay !== undefined) return await underWay
  this.chunks = []
  this.bytesBuffered = 0
  this.bytesNeeded = lengthBytes
  const attempt = connect.call(this)
  connecting.set(this, attempt)
  try {
    return await attempt
  } finally {
    connecting.delete(this)
  }
}
