const hostPattern = /^https?:\/\/(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?\/?$/i

/** The host of an origin, in lower case and without its port; absent where the text is none. */
export const hostName = (origin: string): string | undefined => hostPattern.exec(origin)?.[1]?.toLowerCase()

/** Names of this machine. */
export const loopbackHosts: readonly string[] = ['127.0.0.1', 'localhost', '[::1]']
