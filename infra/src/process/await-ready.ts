import type { ProcessExit } from './guarded-child.ts'
import { exitFault, notReadyFault } from './process-fault.ts'
import type { Readiness, ServiceProcess } from './service-process.ts'

/** Often enough that it does not show in the time to ready, seldom enough to leave the processors to what starts. */
const pollMs = 50

/** Resolves when the process is ready. @throws InfraError when it exits first, or takes too long: then it is stopped */
export const awaitReady = async (
  service: ServiceProcess,
  { isReady, timeoutMs }: Readiness,
): Promise<void> => {
  let exit: ProcessExit | undefined
  void service.exited.then(value => (exit = value))
  const deadline = performance.now() + timeoutMs
  while (!(await settlesTrue(isReady))) {
    if (exit !== undefined) throw await exitFault(service, exit, 'before it was ready')
    if (performance.now() > deadline) {
      await service.stop()
      throw await notReadyFault(service, timeoutMs)
    }
    await new Promise(resolve => setTimeout(resolve, pollMs))
  }
}

const settlesTrue = async (ask: () => Promise<boolean>): Promise<boolean> => {
  try {
    return await ask()
  } catch {
    return false
  }
}
