import { setTimeout as sleep } from 'node:timers/promises'

import {
  AgentClientError,
  digestFile,
  neverLeft,
  openAgentSession,
  openAttester,
  type SubjectToken,
} from '@cordon/agent-client'
import { uuidV7 } from '@cordon/foundation'
import { generateHolderKey, openHolderKey, signLogInProof } from '@cordon/tokens'

import { createNodeFetch } from './adapters/node-fetch.ts'
import type { Held } from './broker/shared-upstream.ts'
import type { Profile } from './config.ts'
import { serversOf } from './core/server-names.ts'
import { startOrCorrect } from './core/way-out.ts'
import type { ConnectEvents } from './events.ts'
import type { Human, LogIn } from './ports.ts'
import { createSessionUpstream } from './session/session-upstream.ts'
import { createSessions } from './session/sessions.ts'

/** MCP clients give a server that they stop some two seconds. */
const endTimeoutMs = 1_000

/** The session of a profile in this process: its key is made here, and never leaves. */
export const holdSession = (options: {
  readonly profile: Profile
  readonly human: Human
  /** What the human asked for; `undefined`: not declared. */
  readonly intent: string | undefined
  /** The code that runs as the agent, where the profile names none. */
  readonly codeFile: string
  readonly events: ConnectEvents
}): Held => {
  const { profile, intent, events } = options
  const network = createNodeFetch()

  const open = async (logIn: LogIn, onEnded: () => void) => {
    const { attester, agent, identity, conversation } = profile
    const codeDigest = await digestFile(profile.codeFile ?? options.codeFile)
    const local = await openAttester({ ...attester, platform: profile.platform })
    const opening = openAgentSession({
      issuer: identity,
      proxyUrl: profile.proxy,
      holderKey: generateHolderKey(),
      subjectToken: () => Promise.resolve(subjectOf(logIn)),
      attest: local.attest({ agentId: agent, codeDigest, audience: identity }),
      tools: profile.tools,
      fetch: network.fetch,
      onEnded: () => {
        events.sessionEnded()
        onEnded()
      },
      ...(conversation !== undefined && { conversationId: conversation }),
      ...(intent !== undefined && { declaredIntent: intent }),
    })
    const session = await opening.catch((error: unknown) => {
      throw withWayOut(error)
    })
    events.sessionOpened(session.sessionId)
    return session
  }

  const sessions = createSessions({ human: options.human, open })
  const upstream = createSessionUpstream({
    sessions,
    proxyUrl: profile.proxy,
    servers: serversOf(profile.tools),
    onRetry: events.proxyAway,
  })
  return {
    upstream,
    endSession: async () => {
      const session = sessions.logOut()
      if (session === undefined) return undefined
      const { sessionId } = session
      try {
        await session.end()
        events.sessionEnded()
        return { sessionId, isRecorded: true }
      } catch (error) {
        events.sessionLeft(error)
        return { sessionId, isRecorded: false }
      }
    },
    close: async () => {
      // What identity does not hear of ends there by itself, when nobody renews it.
      await Promise.race([
        sessions.end().catch(events.sessionLeft),
        sleep(endTimeoutMs, undefined, { ref: false }),
      ])
      network.close()
    },
  }
}

/** Where nothing listens at identity's address, what there is to do. */
const withWayOut = (error: unknown): unknown => {
  if (!(error instanceof AgentClientError) || !neverLeft(error.cause)) return error
  const { code, message, retryable, cause } = error
  return new AgentClientError(code, `${message}: ${startOrCorrect('identity')}`, { retryable, cause })
}

const subjectOf = ({ idToken, key }: LogIn): SubjectToken => ({
  token: idToken,
  type: 'urn:ietf:params:oauth:token-type:id_token',
  ...(key !== undefined && {
    proveLogIn: (url, holder) => {
      const issuedAt = Date.now()
      const shown = { url, idToken, holder, issuedAt, proofId: uuidV7(issuedAt) }
      return signLogInProof(openHolderKey(Buffer.from(key, 'base64url')), shown)
    },
  }),
})
