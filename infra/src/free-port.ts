import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * A loopback port that nothing listens on: `preferred` where it is free, so that an address which someone wrote into
 * a client stays the same over restarts, else one that the system chooses. It may be taken before its user binds it.
 */
export const findFreePort = async (preferred = 0): Promise<number> => {
  const server = createServer()
  server.listen(preferred, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return findFreePort()
  }
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : findFreePort()
}
