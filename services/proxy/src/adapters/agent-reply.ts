import type { ServerResponse } from 'node:http'

import { keepAliveText, sseText } from '@cordon/framing'

import type { AgentReply } from '../ports.ts'
import { createPacedWriter } from './paced-writer.ts'
import type { UnsentBytes } from './unsent-bytes.ts'

/** Proxies and load balancers commonly cut what is silent for 30 or 60 seconds. */
const keepAliveMs = 15_000

const streamHeaders = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
}

/** The answer to one request, as HTTP. */
export const createAgentReply = (response: ServerResponse, unsent: UnsentBytes): AgentReply => {
  const share = unsent.open(() => response.destroy())
  const writer = createPacedWriter(response, share)
  let state: AgentReply['state'] = 'waiting'
  let alive: NodeJS.Timeout | undefined
  let overListeners: (() => void)[] = []
  // Not set one by one at the response: then Node would keep and check each, before it writes them.
  let added: Readonly<Record<string, string>> = {}

  const finish = (): void => {
    state = 'over'
    clearInterval(alive)
    const listeners = overListeners
    overListeners = []
    for (const listener of listeners) listener()
  }

  // Also after a complete answer, where it changes nothing any more.
  response.once('close', () => {
    share.close()
    if (state !== 'over') finish()
  })

  // Written to after it was hung up on; its close says the same.
  response.on('error', () => undefined)

  const openStream = (): void => {
    if (state !== 'waiting') return
    state = 'streaming'
    response.writeHead(200, { ...added, ...streamHeaders })
    response.flushHeaders()
    clearInterval(alive)
    alive = setInterval(() => {
      // What waits keeps the connection alive, where it is read at all.
      if (share.bytes === 0) writer.write(keepAliveText)
    }, keepAliveMs).unref()
  }

  return {
    get state() {
      return state
    },
    setHeader(name, value) {
      const { [name]: _before, ...others } = added
      added = value === undefined ? others : { ...others, [name]: value }
    },
    answer({ status, headers, body }) {
      if (state !== 'waiting') return
      const bytes = Buffer.byteLength(body)
      response.writeHead(status, { ...added, ...headers, 'content-length': bytes })
      writer.end(body)
      finish()
    },
    openStream,
    openStreamWhenSlow() {
      if (state === 'waiting') alive = setTimeout(openStream, keepAliveMs).unref()
    },
    event(event) {
      if (state === 'over') return true
      openStream()
      return writer.write(sseText(event))
    },
    end() {
      if (state === 'over') return
      openStream()
      writer.end()
      finish()
    },
    belongTo: owner => share.belongTo(owner),
    onRoom: listener => writer.onRoom(listener),
    onOver(listener) {
      if (state === 'over') listener()
      else overListeners.push(listener)
    },
  }
}
