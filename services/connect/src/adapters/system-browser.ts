import { spawn } from 'node:child_process'

/** Opens an address in the browser of whoever sits here. Where that fails the address was printed as well. */
export const openSystemBrowser = (url: string, onFailed: (error: unknown) => void): void => {
  const command = process.platform === 'darwin' ? 'open' : 'xdg-open'
  // Of its output nothing may get into a stream of MCP messages.
  const child = spawn(command, [url], { stdio: 'ignore', detached: true })
  child.once('error', onFailed)
  child.unref()
}
