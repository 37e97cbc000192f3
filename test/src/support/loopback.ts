const names: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** Whether a URL means this machine. */
export const isLoopback = (url: string): boolean => URL.canParse(url) && names.has(new URL(url).hostname)
