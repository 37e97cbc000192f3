import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

import { createAnswerReader, type HttpReply } from './answer-reader.ts'

/** One keep-alive connection of HTTP/1.1, one request at a time: no agent, no pool, no parser that could hide a difference. */
export interface HttpConnection {
  post(path: string, headers: Readonly<Record<string, string>>, body: string): Promise<HttpReply>
  /** Connects anew: servers close what lay idle for some seconds. */
  renew(): Promise<void>
  close(): void
}

export const openHttpConnection = async (port: number): Promise<HttpConnection> => {
  let line = await openLine(port)
  return {
    post: async (path, headers, body) => {
      const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
      return await line.ask(
        `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${fields.join('')}` +
          `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      )
    },
    renew: async () => {
      line.close()
      line = await openLine(port)
    },
    close: () => line.close(),
  }
}

interface Line {
  ask(request: string): Promise<HttpReply>
  close(): void
}

const openLine = async (port: number): Promise<Line> => {
  const socket: Socket = connect({ host: '127.0.0.1', port, noDelay: true })
  await once(socket, 'connect')
  let waiting: PromiseWithResolvers<HttpReply> | undefined
  let broken: Error | undefined
  const reader = createAnswerReader(reply => waiting?.resolve(reply))
  const fail = (error: Error): void => {
    broken ??= error
    waiting?.reject(broken)
  }
  socket.on('data', chunk => {
    try {
      reader.push(chunk)
    } catch (error) {
      fail(error as Error)
    }
  })
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('http: expected an answer, got a closed connection')))
  return {
    ask: async request => {
      if (broken !== undefined) throw broken
      waiting = Promise.withResolvers()
      socket.write(request)
      return await waiting.promise
    },
    close: () => socket.destroy(),
  }
}
