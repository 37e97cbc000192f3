import { createDownstreamIssuer, type DownstreamKey } from '@cordon/tokens'

import type { DownstreamTokens } from '../ports.ts'

/** @param issuer of the deployment: engines speak to tool servers in a name of their own below it */
export const createDownstreamTokens = (issuer: string, key: DownstreamKey): DownstreamTokens =>
  createDownstreamIssuer({ issuer: `${issuer}/engines`, key })
