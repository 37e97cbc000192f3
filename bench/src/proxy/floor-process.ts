import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'

import { answerParent } from '../process/child.ts'
import { floorAnswer } from './floors.ts'
import type { ServerQuestions } from './server-questions.ts'

// What a hop costs where nothing is done at its end: HTTP that answers at once, and a Unix socket that sends bytes back.

answerParent<ServerQuestions>({
  listen: async ({ socketPath }) => {
    const echo = createServer({ noDelay: true }, socket => {
      socket.pipe(socket)
      socket.on('error', () => socket.destroy())
    })
    echo.listen(socketPath)
    await once(echo, 'listening')
    const http = createHttpServer((request, response) => {
      request.resume()
      request.once('end', () => {
        response.writeHead(200, { 'content-length': String(floorAnswer.length) }).end(floorAnswer)
      })
    })
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    return (http.address() as AddressInfo).port
  },
})
