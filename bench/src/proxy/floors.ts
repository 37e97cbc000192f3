import { once } from 'node:events'
import { connect } from 'node:net'

import { openHttpConnection } from './http-connection.ts'
import { monotonicMs } from '../load/monotonic-time.ts'

/** As many bytes as a call and its answer have. */
const callBytes = 1500
export const floorAnswer: string = 'a'.repeat(1200)

/** Round trips of HTTP with nothing at the end, in milliseconds. */
export const httpFloor = async (port: number, rounds: number): Promise<number[]> => {
  const connection = await openHttpConnection(port)
  const body = 'q'.repeat(callBytes)
  const samples = await timed(rounds, () => connection.post('/', {}, body))
  connection.close()
  return samples
}

/** Round trips over a Unix socket that sends back what it gets. */
export const socketFloor = async (path: string, rounds: number): Promise<number[]> => {
  const socket = connect(path)
  await once(socket, 'connect')
  const frame = Buffer.alloc(callBytes, 'q')
  let missing = 0
  let done: (() => void) | undefined
  socket.on('data', chunk => {
    missing -= chunk.length
    if (missing <= 0) done?.()
  })
  const samples = await timed(
    rounds,
    () =>
      new Promise<void>(resolve => {
        missing = frame.length
        done = resolve
        socket.write(frame)
      }),
  )
  socket.destroy()
  return samples
}

/** One after the other. */
export const timed = async (rounds: number, act: () => Promise<unknown>): Promise<number[]> => {
  const samples: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = monotonicMs()
    await act()
    samples.push(monotonicMs() - startedAt)
  }
  return samples
}
