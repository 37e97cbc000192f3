import { openKeyFile } from '@cordon/owner-files'
import type { EngineJwk } from '@cordon/policy'
import { openDownstreamKey } from '@cordon/tokens'

/** RFC 8032 §5.1.5. */
const bytes = 32

/**
 * The public half of the stack's engine key, for the bundle; made where the file is missing, before the engine reads it.
 * @throws CordonError `ENGINE_KEY_INVALID`, `ENGINE_KEY_EXPOSED`, `ENGINE_KEY_UNREADABLE`
 */
export const engineKeyEntry = async (path: string): Promise<EngineJwk> => {
  const reason = 'whoever reads it can speak to tool servers in any session’s name'
  const secret = await openKeyFile({ path, name: 'engine key', code: 'ENGINE_KEY', reason }, bytes)
  const { kty, crv, x } = openDownstreamKey(secret).publicJwk
  return { kty, crv, x }
}
