import type { SessionParts } from '../session/session-opener.ts'

/** What answering an agent needs. */
export interface EndpointParts extends SessionParts {
  readonly maxBodyBytes: number
  /** How agents reach the proxy: `http://host:port`, without a path. Asked with each request, as the port may be the system's choice. */
  readonly publicUrl: () => string
  /** Names by which they may reach it, without ports. */
  readonly hosts: ReadonlySet<string>
  /** Where clients may get tokens, where that is known. */
  readonly authorizationServer: string | undefined
}

/** Who asks, and of whom. */
export interface Caller {
  readonly server: string
  readonly token: string
  /** Empty where there is none. */
  readonly proof: string
  readonly htm: string
  readonly htu: string
  /** Has the answer say what the next proof has to name. */
  readonly tellNonce: (nonce: string) => void
  readonly metadataUrl: string
  /** What of the request's headers goes to the tool server. */
  readonly forwarded: Readonly<Record<string, string>>
  /** Of these and of those that repeat arguments. */
  readonly headerBytes: number
  readonly mcpSessionId: string | undefined
}
