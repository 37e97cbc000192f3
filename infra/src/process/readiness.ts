import { connect } from 'node:net'

/** Whether something accepts connections there; the connection is closed at once. */
export const acceptsConnections = (host: string, port: number, timeoutMs = 1000): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect({ host, port })
    const answer = (accepted: boolean): void => {
      socket.destroy()
      resolve(accepted)
    }
    socket.setTimeout(timeoutMs, () => answer(false))
    socket.once('connect', () => answer(true))
    socket.once('error', () => answer(false))
  })

/** Whether a GET is answered with a 2xx status. */
export const answersOk = async (url: string, timeoutMs = 1000): Promise<boolean> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}
