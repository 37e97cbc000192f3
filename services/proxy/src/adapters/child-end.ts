import type { ChildProcess } from 'node:child_process'

/** MCP, stdio, shutdown: a server ends when its input does; who does not is asked, then killed. */
const inputGraceMs = 1_000
const termGraceMs = 2_000

/** Ends a child step by step; resolves when it is gone. */
export const endChild = async (child: ChildProcess): Promise<void> => {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise<void>(resolve => {
    child.once('exit', () => resolve())
  })
  // Nobody reads it any more; a full pipe would keep the child from ending.
  child.stdout?.resume()
  child.stdin?.end()
  if (await within(exited, inputGraceMs)) return
  child.kill('SIGTERM')
  if (await within(exited, termGraceMs)) return
  child.kill('SIGKILL')
  await exited
}

const within = async (exited: Promise<void>, milliseconds: number): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined
  const elapsed = new Promise<false>(resolve => {
    timer = setTimeout(resolve, milliseconds, false)
  })
  const inTime = await Promise.race([exited.then(() => true), elapsed])
  clearTimeout(timer)
  return inTime
}
