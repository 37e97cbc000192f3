/** The way to the proxy, in this process or through the one that holds the session. */
export interface Upstream {
  /**
   * @throws CordonError where there is no answer; nothing is sent twice that may have arrived
   */
  send(request: UpstreamRequest): Promise<UpstreamAnswer>
}

export interface UpstreamRequest {
  /** Name of the tool server. */
  readonly server: string
  readonly method: 'POST' | 'GET' | 'DELETE'
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Aborted, the request is given up: towards the proxy its connection closes. */
  readonly signal: AbortSignal
}

export interface UpstreamAnswer {
  readonly status: number
  /** Names in lower case; only what a client may see. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: AsyncIterable<Uint8Array>
}

/** The human, as the provider vouches for him. */
export interface Human {
  /** One that is good for a while yet; asks the human where there is none, and takes what another process is given meanwhile. */
  loggedIn(): Promise<LogIn>
  /** Asks the human, also where a token is kept: the provider may have ended that log-in, or it is somebody else's. */
  logIn(): Promise<LogIn>
  /**
   * Of a token that identity refused: the next one is asked for anew.
   * @param reason identity's words: told to whoever is asked next, who else would do the same again
   */
  forget(idToken: string, reason?: string): Promise<void>
  /** What the human has to do now, where anything. */
  readonly notice: string | undefined
}

/** What a log-in brings. */
export interface LogIn {
  readonly idToken: string
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number
  /**
   * The private key that the log-in is for, 32 bytes in base64url: without it the token opens nothing. Absent where the way to log in
   * has no place for it (RFC 8628).
   */
  readonly key?: string
}

/** One way to log in. Rejects when the signal aborts: nobody waits for it any more. */
export type LogInMethod = (tell: (notice: string) => void, signal: AbortSignal) => Promise<LogIn>

/** Where a log-in is kept between processes. */
export interface LogInStore {
  read(): Promise<LogIn | undefined>
  /** Names the last log-out: asked for before a log-in begins. */
  lastLogOut(): Promise<string>
  /**
   * @param since the last log-out when that log-in began
   * @throws ConnectError `LOGGED_OUT` where there was another one since: then nothing is kept
   */
  write(logIn: LogIn, since: string): Promise<void>
  /** Of a log-in that is good for nothing; one that is under way goes on. */
  clear(): Promise<void>
  /** What is under way is not kept either. @returns whether anything was kept, readable or not */
  logOut(): Promise<boolean>
}

/** The terminal of whoever runs the command. */
export interface Terminal {
  print(line: string): void
  /** Whether anybody is there; without, only what would be written can be shown. */
  readonly canAsk: boolean
  /** @throws CordonError `NOBODY_TO_ASK` */
  confirm(question: string): Promise<boolean>
}
