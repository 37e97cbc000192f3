// The conformance server; see serveMcp for its transports.
import type { IncomingMessage } from 'node:http'

import { LATEST_PROTOCOL_VERSION } from '@modelcontextprotocol/sdk/types.js'

import { serveMcp } from '../support/serve-mcp.ts'
import { createConformanceServer } from './conformance-server.ts'

/**
 * The polling scenario agrees on 2025-11-25 and says in the header that it speaks 2025-03-26, which knows no polling: with
 * what was agreed it does try it.
 */
const speakAsAgreed = ({ rawHeaders }: IncomingMessage): void => {
  const name = rawHeaders.findIndex(each => each.toLowerCase() === 'mcp-protocol-version')
  if (name !== -1) rawHeaders[name + 1] = LATEST_PROTOCOL_VERSION
}

await serveMcp(createConformanceServer, speakAsAgreed)
