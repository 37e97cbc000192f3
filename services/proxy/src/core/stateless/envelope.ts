import { latest, metaKey } from '../era.ts'
import type { JsonObject } from '../json-rpc.ts'
import type { Client } from './client.ts'

/** What each stateless request says in `params._meta`. */
export const envelopeOf = ({ info, capabilities }: Client): JsonObject => ({
  [metaKey.protocolVersion]: latest.stateless,
  [metaKey.clientInfo]: info,
  [metaKey.clientCapabilities]: capabilities,
})
