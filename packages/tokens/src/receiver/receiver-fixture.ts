import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { Clock } from '@cordon/foundation'

/** What a test needs to be told when it is over. */
interface Closing {
  after(close: () => void): void
}

/** Time that moves when it is told to. */
export interface ManualClock extends Clock {
  advance(milliseconds: number): void
}

export const createClock = (start: number): ManualClock => {
  let now = start
  return {
    now: () => now,
    advance: milliseconds => {
      now += milliseconds
    },
  }
}

/** @returns where it listens, on this machine only */
export const serve = async (context: Closing, listener: RequestListener): Promise<string> => {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  context.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A server of one text that a test may change; a `status` of its own where it fails. */
export interface TextServer {
  readonly url: string
  text: string
  status: number
  asked: number
}

export const serveText = async (context: Closing, text: string): Promise<TextServer> => {
  const state = { text, status: 200, asked: 0 }
  const url = await serve(context, (_request, response) => {
    state.asked += 1
    response.writeHead(state.status).end(state.text)
  })
  return Object.assign(state, { url })
}
