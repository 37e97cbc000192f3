export type { LifecycleLog, RunningService, ServiceOptions } from './run-service.ts'
export { runService } from './run-service.ts'
