import { randomUUID } from 'node:crypto'

import type { AdmitReply, AuthorizeReply, AuthorizeRequest, EngineClient } from '@cordon/engine-socket'
import { digestArguments, type HolderKey, type ProvenMessage, signCallProof } from '@cordon/tokens'

type Call = Pick<AuthorizeRequest, 'token' | 'server' | 'tool' | 'arguments'>

/** An enforcement point that asks the engine, and the agents behind it that prove what they ask. */
export interface ProvingClient extends Pick<EngineClient, 'connected' | 'report'> {
  authorize(call: Call): Promise<AuthorizeReply>
  /** How far the agents' clock is ahead of this machine's. */
  clockAheadMs: number
  admit(request: { readonly token: string; readonly server: string }): Promise<AdmitReply>
}

/** @param key that all tokens are bound to */
export const createProvingClient = (client: EngineClient, key: HolderKey): ProvingClient => {
  const next = new Map<string, number>()
  let nonce = ''

  const numberOf = (counter: string): number => {
    const number = next.get(counter) ?? 0
    next.set(counter, number + 1)
    return number
  }

  /** As agents do: asked for another nonce, they ask again, with the same number. */
  const proven = async <Reply extends AuthorizeReply | AdmitReply>(
    token: string,
    server: string,
    message: ProvenMessage,
    ask: (shown: { token: string; proof: string; htm: string; htu: string }) => Promise<Reply>,
  ): Promise<Reply> => {
    const url = `https://proxy.example/mcp/${server}`
    const sequence = numberOf(`${'tool' in message ? 'call' : 'request'} ${sessionOf(token)}`)
    const attempt = async (): Promise<Reply> => {
      const proof = signCallProof(key, {
        tokenText: token,
        method: 'POST',
        url,
        nonce,
        issuedAt: Date.now() + proving.clockAheadMs,
        sequence,
        message,
        proofId: randomUUID(),
      })
      const reply = await ask({ token, proof, htm: 'POST', htu: url })
      if (reply.nonce !== '') nonce = reply.nonce
      return reply
    }
    const reply = await attempt()
    return reply.refusal?.reason === 'PROOF_NONCE' ? attempt() : reply
  }

  const proving: ProvingClient = {
    clockAheadMs: 0,
    get connected() {
      return client.connected
    },
    report: outcome => client.report(outcome),
    authorize: ({ token, server, tool, arguments: args, ...other }) =>
      proven(token, server, { server, tool, argumentsDigest: digestOf(args) }, shown =>
        client.authorize({ ...shown, server, tool, arguments: args, ...other }),
      ),
    admit: ({ token, server }) => {
      const message = { method: 'tools/list', contentDigest: digestArguments({}) }
      return proven(token, server, message, shown => client.admit({ ...shown, server, ...message }))
    },
  }
  return proving
}

/** Tests also send what nobody can sign. */
const digestOf = (args: unknown): string => {
  try {
    return digestArguments(args)
  } catch {
    return ''
  }
}

const sessionOf = (token: string): string => {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')
  return /"sid":"([^"]*)"/.exec(payload)?.[1] ?? ''
}
