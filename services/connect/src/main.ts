import { createTelemetry } from '@cordon/telemetry'

import { createSharedUpstream } from './broker/shared-upstream.ts'
import { type Profile, readDeclaredIntent, readProfile, readSeat } from './config.ts'
import { createEvents } from './events.ts'
import { greetTerminal } from './fronts/greet-terminal.ts'
import { openHttpFront } from './fronts/http-front.ts'
import { runStdio } from './fronts/run-stdio.ts'
import { holdSession } from './hold-session.ts'
import { createHuman } from './log-in/human.ts'
import { createLogInFile, logInFileIn } from './log-in/log-in-file.ts'
import { logInMethod } from './log-in/log-in-method.ts'
import { sayingPasswordPlace } from './log-in/password-place.ts'
import { signedInNotice } from './log-in/signed-in-notice.ts'
import { logOut } from './log-out.ts'
import type { Human } from './ports.ts'

export interface ConnectOptions {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly profileFile: string
  /** What the human asked for; `undefined`: not declared. */
  readonly intentFile: string | undefined
  /** Log-in on another device also where there is a browser here. */
  readonly onDevice: boolean
  /** What is in front: one server on the standard streams, all of them on a port, or only the log-in, ahead of both, or its end. */
  readonly front:
    | { readonly kind: 'stdio'; readonly server: string }
    | { readonly kind: 'http'; readonly port: number }
    | { readonly kind: 'log-in' }
    | { readonly kind: 'log-out' }
}

const events = () =>
  // Standard output is for messages of MCP.
  createEvents(createTelemetry({ service: 'connect', logLevel: 'info', destination: process.stderr }))

/**
 * `cordon connect`: runs until its client is gone, or it is asked to stop.
 * @throws CordonError where the profile or the port is no good; faults on the way to the proxy are the answers of requests
 */
export const connect = async (options: ConnectOptions): Promise<void> => {
  const profile = await readProfile(options.profileFile)
  if (options.front.kind === 'log-out') return logOut(profile, line => process.stderr.write(`${line}\n`))
  if (options.front.kind === 'stdio' && process.stdin.isTTY)
    process.stderr.write(`${greetTerminal(options.front.server, profile)}\n`)
  // Read once, before anything that the agent does: what it writes there later declares nothing.
  const intent = options.intentFile === undefined ? undefined : await readDeclaredIntent(options.intentFile)
  const facts = events()
  const human = humanOf(profile, options, facts.browserFailed)
  if (options.front.kind === 'log-in') {
    process.stderr.write(`${signedInNotice(await human.logIn())}\n`)
    return
  }
  const stop = stopRequested()
  const upstream = createSharedUpstream({
    folder: profile.folder,
    hold: () => holdSession({ profile, human, intent, codeFile: import.meta.filename, events: facts }),
    onHolding: () => facts.sessionHeld(profile.folder),
    onFault: facts.requestFaulted,
  })
  try {
    if (options.front.kind === 'stdio') {
      const { server } = options.front
      const faults = {
        notificationLost: facts.notificationLost,
        streamLost: facts.streamLost,
        streamGivenUp: facts.streamGivenUp,
        reopened: facts.mcpSessionReopened,
      }
      const { stdin: input, stdout: output } = process
      const running = runStdio({ server, upstream, faults, input, output, signal: stop.signal })
      await Promise.race([running, stop.requested])
      input.destroy()
      return
    }
    const front = await openHttpFront({ upstream, port: options.front.port, onFault: facts.requestFaulted })
    process.stderr.write(`MCP over HTTP: ${front.url}/mcp/<server>\n`)
    await stop.requested
    await front.close()
  } finally {
    await upstream.close()
    stop.close()
  }
}

const humanOf = (
  profile: Profile,
  options: ConnectOptions,
  onBrowserFailed: (error: unknown) => void,
): Human => {
  const now = (): number => Date.now()
  const seat = readSeat(options.environment)
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  const logIn = logInMethod({ profile, seat, onDevice: options.onDevice, now, onBrowserFailed })
  const { passwordsFile } = profile
  // What a client starts has no human at its standard error, but may have an agent that reads it.
  const isAtTerminal = options.front.kind !== 'stdio'
  return createHuman({
    store: createLogInFile(logInFileIn(profile.folder), profile.provider),
    logIn:
      isAtTerminal && passwordsFile !== undefined ? sayingPasswordPlace(logIn, passwordsFile, say) : logIn,
    now,
    tell: say,
  })
}

/** A second signal ends the process at once: nobody waits for what hangs. */
const stopRequested = (): {
  readonly requested: Promise<void>
  readonly signal: AbortSignal
  close(): void
} => {
  const controller = new AbortController()
  const { promise, resolve } = Promise.withResolvers<void>()
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(1)
    controller.abort()
    resolve()
  }
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, stop)
  return {
    requested: promise,
    signal: controller.signal,
    close: () => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, stop)
    },
  }
}
