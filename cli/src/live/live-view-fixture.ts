import type { TestContext } from 'node:test'

import { openLiveView, type LiveView } from './live-view.ts'

/** A view, and all that it wrote so far. */
export const viewOn = (t: TestContext, isTTY: boolean): { view: LiveView; written: () => string } => {
  let written = ''
  const write = (text: string | Uint8Array): boolean => {
    written += String(text)
    return true
  }
  const view = openLiveView({ isTTY, write })
  t.after(() => view.close())
  return { view, written: () => written }
}
