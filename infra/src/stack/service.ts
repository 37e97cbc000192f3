import { findFreePort } from '../free-port.ts'
import { baseEnvironment } from '../process/base-environment.ts'
import { answersOk } from '../process/readiness.ts'
import type { ServiceProcess } from '../process/service-process.ts'
import { serviceArguments, type ServiceName } from './service-entry.ts'
import type { Workplace } from './workplace.ts'

/** A service that is ready. */
export interface Service {
  readonly service: ServiceName
  readonly process: ServiceProcess
  /** Base of `/livez`, `/readyz` and `/metrics`. */
  readonly operationsUrl: string
}

export interface ServiceOptions {
  readonly service: ServiceName
  /** Names its log file and shows in messages; default: the service's name. Two of a kind need two. */
  readonly name?: string
  /** Its settings, all of them: of the launcher's environment it sees no `CORDON_*`. */
  readonly variables: Readonly<Record<string, string>>
  /** Found free already. Default: a free one. */
  readonly operationsPort?: number
}

const readyTimeoutMs = 60_000
/** A little more than a service gives itself to drain. */
const stopSteps = [{ signal: 'SIGTERM', waitMs: 12_000 }] as const

/** Starts one service and resolves when its `/readyz` says so. @throws InfraError with the last lines of its log */
export const startService = async (workplace: Workplace, options: ServiceOptions): Promise<Service> => {
  const { service, name = service } = options
  const operationsPort = options.operationsPort ?? (await findFreePort())
  const operationsUrl = `http://127.0.0.1:${operationsPort}`
  const process = await workplace.supervisor.start(
    {
      name,
      command: globalThis.process.execPath,
      args: serviceArguments(service),
      environment: {
        ...baseEnvironment(workplace.environment),
        ...options.variables,
        CORDON_OPERATIONS_PORT: String(operationsPort),
        CORDON_EXIT_WITH_STDIN: 'true',
      },
      exitsWithStdin: true,
      // Side by side, since without a broker each takes all of its time; but first the proxy, which asks the engine.
      ...(service === 'proxy' ? {} : { stopsWith: 'services' }),
      stopSteps,
    },
    { isReady: () => answersOk(`${operationsUrl}/readyz`), timeoutMs: readyTimeoutMs },
  )
  return { service, process, operationsUrl }
}
