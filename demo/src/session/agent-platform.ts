import { digestFile, openAgentSession, openAttester, type AgentSession } from '@cordon/agent-client'
import { parseAgentId } from '@cordon/foundation'
import type { Stack } from '@cordon/infra'
import { generateHolderKey } from '@cordon/tokens'

import type { AgentScript } from '../agents/agent-script.ts'
import { signIn } from './sign-in.ts'

/** Runs the company's agents: has their humans sign in, vouches for their code, opens their sessions. */
export interface AgentPlatform {
  /** @param request what the human asked for */
  open(agent: Pick<AgentScript, 'agentId' | 'human' | 'tools'>, request: string): Promise<AgentSession>
}

type Platform = Pick<Stack, 'identityUrl' | 'proxyUrl' | 'bundle' | 'attester' | 'agentCode' | 'humans'>

/** Each human signs in once for each agent; sessions have keys of their own. */
export const openAgentPlatform = (stack: Platform): AgentPlatform => {
  const { identityUrl: issuer, proxyUrl } = stack
  const logIns = new Map<string, Promise<string>>()

  const idToken = (agent: Parameters<AgentPlatform['open']>[0]): Promise<string> => {
    const { agentId, human: name, tools } = agent
    const key = JSON.stringify([name, agentId, tools])
    const password = stack.humans?.passwords[name] ?? ''
    const known = logIns.get(key) ?? signIn({ provider: `${issuer}/oidc`, name, password, agentId, tools })
    logIns.set(key, known)
    return known
  }

  return {
    open: async (agent, request) => {
      const agentId = parseAgentId(agent.agentId)
      const { platform = '' } = stack.bundle.identity.agents[agentId] ?? {}
      const attester = await openAttester({ ...stack.attester, platform })
      const codeDigest = await digestFile(stack.agentCode[agentId] ?? '')
      return openAgentSession({
        issuer,
        proxyUrl,
        holderKey: generateHolderKey(),
        subjectToken: async () => ({
          token: await idToken(agent),
          type: 'urn:ietf:params:oauth:token-type:id_token',
        }),
        attest: attester.attest({ agentId, codeDigest, audience: issuer }),
        tools: agent.tools,
        declaredIntent: request,
      })
    },
  }
}
