import { openWorkplace, prepareBroker } from '@cordon/infra'
import type { ServiceProcess, Workplace } from '@cordon/infra'

/** A broker of a test's own, which it may end and start again: same address, same data. */
export interface OwnBroker {
  readonly brokers: readonly string[]
  /** Resolves when nothing of it runs any more. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
  /** Resolves when it listens. */
  start(): Promise<void>
}

/** @param workplace where it runs; omitted: one of its own */
export const startOwnBroker = async (
  test: { after(end: () => Promise<void>): void },
  given?: Workplace,
): Promise<OwnBroker> => {
  const environment = { ...process.env, KAFKA_BROKERS: '' }
  const workplace = given ?? (await openWorkplace({ environment, onProgress: () => undefined }))
  if (given === undefined) test.after(async () => await workplace.close())
  const prepared = await prepareBroker({ ...workplace, dataFolder: `${workplace.folder}/broker/data` })
  let running: ServiceProcess | undefined
  const start = async (): Promise<void> => {
    running = (await prepared.start()).process
  }
  await start()
  return {
    brokers: prepared.settings.brokers,
    start,
    end: async signal => {
      if (running === undefined) return
      process.kill(running.pid, signal)
      await running.exited
      running = undefined
    },
  }
}
