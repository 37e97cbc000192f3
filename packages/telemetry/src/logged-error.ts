import { stdSerializers } from 'pino'

/**
 * An error as it is logged. What Node says of a program that could not be started holds its whole command line, where
 * people put keys: of that only the code stays.
 */
export const loggedError = (error: Error): object => {
  const { path: _path, spawnargs: _spawnargs, ...logged } = stdSerializers.err(error)
  const { syscall } = error as NodeJS.ErrnoException
  if (!syscall?.startsWith('spawn')) return logged
  const { code } = error as NodeJS.ErrnoException
  const frames = logged.stack.split('\n').filter(line => line.startsWith('    at '))
  const message = `spawn: ${code ?? 'failed'}`
  return { ...logged, syscall: 'spawn', message, stack: [message, ...frames].join('\n') }
}
