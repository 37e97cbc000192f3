const names: readonly string[] = ['127.0.0.1', 'localhost', '[::1]']

/** Whether a URL means this machine. */
export const isLoopback = (url: string): boolean => URL.canParse(url) && names.includes(new URL(url).hostname)
