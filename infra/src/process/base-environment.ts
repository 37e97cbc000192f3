const inherited = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'JAVA_HOME',
  'NODE_EXTRA_CA_CERTS',
  // Where the compiler keeps what it has done: tests start hundreds of processes of the same code.
  'NODE_COMPILE_CACHE',
]

/**
 * What a started process gets of the launcher's environment: what programs need to find themselves, and nothing that
 * configures Cordon or carries a secret.
 */
export const baseEnvironment = (
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> =>
  Object.fromEntries(
    inherited.flatMap(name => {
      const value = environment[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
