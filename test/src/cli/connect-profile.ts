import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A profile of `cordon connect` by hand. @param address of all that it names @returns its path */
export const writeProfile = (folder: string, address: string, tools: readonly string[]): string => {
  const profile = {
    identity: address,
    provider: `${address}/oidc`,
    proxy: address,
    platform: 'desk',
    agent: 'my-agent',
    tools,
    attester: { name: 'local', keyFile: 'attester-key' },
  }
  const path = join(folder, 'connect.json')
  writeFileSync(path, JSON.stringify(profile), { mode: 0o600 })
  return path
}
