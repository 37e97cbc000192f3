import type { ServerResponse } from 'node:http'

import type { AgentReply } from '../ports.ts'
import { keepAliveText, sseText } from './sse-text.ts'

/** Proxies and load balancers commonly cut what is silent for 30 or 60 seconds. */
const keepAliveMs = 15_000

const streamHeaders = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
}

/** The answer to one request, as HTTP. */
export const createAgentReply = (response: ServerResponse): AgentReply => {
  let state: AgentReply['state'] = 'waiting'
  let alive: NodeJS.Timeout | undefined
  let overListeners: (() => void)[] = []

  const finish = (): void => {
    state = 'over'
    clearInterval(alive)
    const listeners = overListeners
    overListeners = []
    for (const listener of listeners) listener()
  }

  // Also after a complete answer, where it changes nothing any more.
  response.once('close', () => {
    if (state !== 'over') finish()
  })

  const openStream = (): void => {
    if (state !== 'waiting') return
    state = 'streaming'
    response.writeHead(200, streamHeaders)
    response.flushHeaders()
    clearInterval(alive)
    alive = setInterval(() => response.write(keepAliveText), keepAliveMs).unref()
  }

  return {
    get state() {
      return state
    },
    setHeader(name, value) {
      if (state === 'waiting') response.setHeader(name, value)
    },
    answer({ status, headers, body }) {
      if (state !== 'waiting') return
      const bytes = Buffer.byteLength(body)
      response.writeHead(status, { ...headers, 'content-length': bytes })
      response.end(body)
      finish()
    },
    openStream,
    openStreamWhenSlow() {
      if (state === 'waiting') alive = setTimeout(openStream, keepAliveMs).unref()
    },
    event(event) {
      if (state === 'over') return true
      openStream()
      return response.write(sseText(event))
    },
    end() {
      if (state === 'over') return
      openStream()
      response.end()
      finish()
    },
    onRoom(listener) {
      response.once('drain', listener)
    },
    onOver(listener) {
      if (state === 'over') listener()
      else overListeners.push(listener)
    },
  }
}
