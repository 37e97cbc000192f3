export { bundleKernel } from './core/bundle-kernel.ts'
export type { SessionEntry } from './core/session-entry.ts'
export type { SessionProcessorOptions } from './core/session-processor.ts'
export { createSessionProcessor } from './core/session-processor.ts'
