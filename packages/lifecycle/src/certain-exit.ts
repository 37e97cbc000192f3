import { setFlagsFromString } from 'node:v8'

/**
 * Flags for the two compilers of V8 that allocate on its heap in threads of their own: one of them works in the main thread, the other not at all.
 * TurboFan, which makes what runs the longest, allocates where it installs, in the main thread.
 */
export const compilersThatWait: readonly string[] = ['--no-concurrent-sparkplug', '--no-maglev']

/**
 * Makes sure that the process is gone once it exits; to be called early, since what is compiled already goes on.
 *
 * A compiler's thread that needs memory waits for the main thread to collect garbage, and at an exit the main thread waits
 * for it (nodejs/node#54918): such a process stays for ever, with its sockets open, and nobody starts it anew (ADR 12).
 */
export const makeExitCertain = (): void => {
  for (const flag of compilersThatWait) setFlagsFromString(flag)
}
