import { findFreePort } from '../free-port.ts'
import { InfraError } from '../infra-error.ts'
import type { OnProgress, PartName } from '../progress.ts'

/** A port that a part would like, else another one, which is said: somebody may have written the first into a client. */
export const preferredPort =
  (onProgress: OnProgress) =>
  async (part: PartName, preferred: number | undefined): Promise<number> => {
    const port = await findFreePort(preferred)
    if (preferred !== undefined && port !== preferred)
      onProgress({ part, state: 'working', text: `port ${preferred} is in use, taking ${port}` })
    return port
  }

/** The port that was asked for. @throws InfraError `PORT_UNUSABLE` where it cannot be had */
export const givenPort = async (wanted: number): Promise<number> => {
  if ((await findFreePort(wanted)) === wanted) return wanted
  throw new InfraError(
    'PORT_UNUSABLE',
    `port ${wanted}: expected one that can be listened on, got one that is in use or not allowed`,
  )
}
