import { hash } from 'node:crypto'

import { type AgentId, canonicalJson } from '@cordon/foundation'
import type { Manifest } from '@cordon/policy'

/**
 * What an agent is: another system prompt, model, permission, version, platform or deployer is another hash. Who built
 * its code is not in it: the same agent may be built anew.
 * @returns SHA-256 over the canonical text (RFC 8785), hexadecimal
 */
export const manifestHash = (agentId: AgentId, manifest: Manifest): string =>
  digest({
    agent: agentId,
    prompt_digest: manifest.promptDigest,
    model: manifest.model,
    tools: sortedTools(manifest.tools),
    max_delegation_depth: manifest.maxDelegationDepth,
    version: manifest.version,
    platform: manifest.platform,
    deployer: manifest.deployer,
  })

/** @returns SHA-256 over the canonical text (RFC 8785) of the tools, each once and in order, hexadecimal */
export const toolsDigest = (tools: readonly string[]): string => digest(sortedTools(tools))

// A permission is no other one for standing elsewhere in the list, or twice.
const sortedTools = (tools: readonly string[]): readonly string[] => [...new Set(tools)].sort()

const digest = (value: unknown): string => hash('sha256', canonicalJson(value), 'hex')
