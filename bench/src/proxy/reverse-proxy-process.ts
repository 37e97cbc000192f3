import { once } from 'node:events'
import { Agent, createServer, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'

import { answerParent } from '../process/child.ts'
import type { ServerQuestions } from './server-questions.ts'

// The least that a proxy on Node can do: headers and bytes through, connections kept. It looks at nothing.

answerParent<ServerQuestions>({
  listen: async ({ upstreamPort }) => {
    const agent = new Agent({ keepAlive: true })
    const http = createServer((request, response) => {
      const { method, url, headers } = request
      const forwarded = send(
        { host: '127.0.0.1', port: upstreamPort, method, path: url, headers, agent },
        answer => {
          response.writeHead(answer.statusCode ?? 502, answer.headers)
          answer.pipe(response)
        },
      )
      forwarded.on('error', () => response.destroy())
      request.pipe(forwarded)
    })
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    return (http.address() as AddressInfo).port
  },
})
