import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Kafka 4 brokers need 17; the registry's last version for 17 is 3.0.x. */
export const leastJavaVersion = 17

/** The Java that is used, or why there is none. */
export type JavaRuntime =
  | {
      readonly usable: true
      readonly command: string
      readonly version: string
      readonly fingerprint: string
    }
  | { readonly usable: false; readonly reason: string }

/** `JAVA_HOME` where it is set, as Maven does, else `java` on the path. */
export const findJava = async (
  environment: Readonly<Record<string, string | undefined>>,
): Promise<JavaRuntime> => {
  const home = environment['JAVA_HOME']
  const command = home === undefined || home === '' ? 'java' : join(home, 'bin', 'java')
  let text: string
  try {
    // It prints its version to the error output.
    const { stderr } = await run(command, ['-version'], { env: { ...environment } })
    text = stderr
  } catch {
    const where = command === 'java' ? 'no java on the PATH and no JAVA_HOME' : `${command} does not run`
    return { usable: false, reason: `expected Java ${leastJavaVersion} or newer, got ${where}` }
  }
  const version = parseJavaVersion(text)
  if (version === undefined || version.major < leastJavaVersion) {
    const got = version === undefined ? 'an unreadable version' : version.text
    return { usable: false, reason: `expected Java ${leastJavaVersion} or newer, got ${got} (${command})` }
  }
  const fingerprint = createHash('sha256').update(command).update(text).digest('hex').slice(0, 16)
  return { usable: true, command, version: version.text, fingerprint }
}

/** Reads the answer to `java -version`: `openjdk version "17.0.15" …`, and the old form `"1.8.0_392"`. */
export const parseJavaVersion = (text: string): { major: number; text: string } | undefined => {
  const version = /version "([^"]+)"/.exec(text)?.[1]
  if (version === undefined) return undefined
  const major = Number(/^(?:1\.)?(\d+)/.exec(version)?.[1])
  return Number.isNaN(major) ? undefined : { major, text: version }
}
