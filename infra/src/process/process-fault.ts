import { InfraError } from '../infra-error.ts'
import type { ProcessExit } from './guarded-child.ts'
import { logTail } from './log-tail.ts'
import type { ServiceProcess } from './service-process.ts'

/** The error of a process that ended when it should not have, with the last lines of its log. */
export const exitFault = (service: ServiceProcess, exit: ProcessExit, when: string): Promise<InfraError> =>
  fault('PROCESS_EXITED', service, `exited with ${endOf(exit)}, ${when}`)

/** In words: the signal that ended it, else its exit code. */
export const endOf = ({ code, signal }: ProcessExit): string => signal ?? `code ${code}`

/** The error of a process that runs and does not become ready, with the last lines of its log. */
export const notReadyFault = (service: ServiceProcess, timeoutMs: number): Promise<InfraError> =>
  fault('PROCESS_NOT_READY', service, `expected ready within ${Math.round(timeoutMs / 1000)} s`)

const fault = async (
  code: 'PROCESS_EXITED' | 'PROCESS_NOT_READY',
  service: ServiceProcess,
  what: string,
): Promise<InfraError> => {
  const tail = await logTail(service.logFile)
  const lines = tail.map(line => `  | ${line}`)
  return new InfraError(code, [`${service.name}: ${what} (log: ${service.logFile})`, ...lines].join('\n'))
}
