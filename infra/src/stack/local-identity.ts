import { hash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { generateVoucherKeyPem, openVoucherKey, signStatement, type VoucherKey } from '@cordon/attestation'
import { embeddedIssuerOf, embeddedProviderEntry } from '@cordon/identity/provider-entry'
import { openOwnerFile } from '@cordon/owner-files'
import type { IdentityPolicy, Manifest } from '@cordon/policy'

import { engineKeyEntry } from './engine-key.ts'

/** Vouches for code of this machine, for whoever may read its key. */
export interface LocalAttester {
  /** In the bundle. */
  readonly name: string
  readonly keyFile: string
}

export interface CompletedIdentity {
  readonly identity: IdentityPolicy
  readonly attester: LocalAttester
}

/** What a bundle calls what only a running stack has: its provider, its attester, its build key, its engine. */
const local = 'local'

/**
 * What a bundle says of identity, and what nobody could have known before: the provider `local` becomes the embedded one, under
 * the name that it has here; keys of this stack vouch for what runs, and for the code as it stands on the disk.
 * @param folder where the keys are kept; they are made where they are missing
 */
export const completeIdentity = async (
  folder: string,
  given: IdentityPolicy,
  {
    issuer,
    agentCode,
    engineKeyFile,
  }: {
    readonly issuer: string
    readonly agentCode: Readonly<Record<string, string>>
    readonly engineKeyFile: string
  },
): Promise<CompletedIdentity> => {
  const keyFile = join(folder, 'attester-key.pem')
  const attester = await openVoucherFile(keyFile)
  const builder = await openVoucherFile(join(folder, 'build-key.pem'))
  const agents = Object.entries(given.agents).map(async ([agentId, manifest]) => {
    const file = agentCode[agentId]
    return [
      agentId,
      file === undefined ? manifest : await vouchedFor(agentId, manifest, file, builder),
    ] as const
  })
  return {
    attester: { name: local, keyFile },
    identity: {
      ...given,
      providers: withEmbedded(given.providers, issuer),
      agents: Object.fromEntries(await Promise.all(agents)),
      attesters: {
        ...given.attesters,
        [local]: { key: attester.publicJwk, platforms: platformsOf(given) },
      },
      buildKeys: { ...given.buildKeys, [local]: builder.publicJwk },
      engines: { ...given.engines, [local]: await engineKeyEntry(engineKeyFile) },
    },
  }
}

const withEmbedded = (given: IdentityPolicy['providers'], issuer: string): IdentityPolicy['providers'] => {
  const { [local]: mapping, ...others } = given
  if (mapping === undefined) return others
  return { ...others, [embeddedIssuerOf(issuer)]: embeddedProviderEntry(issuer, mapping) }
}

// Whoever may start agents here may start them on any platform that the bundle knows; a bundle without agents has none.
const platformsOf = ({ agents }: IdentityPolicy): readonly string[] => {
  const platforms = new Set(Object.values(agents).map(({ platform }) => platform))
  return platforms.size === 0 ? [local] : [...platforms]
}

const vouchedFor = async (
  agentId: string,
  manifest: Manifest,
  file: string,
  builder: VoucherKey,
): Promise<Manifest> => {
  const subjects = [{ name: agentId, sha256: hash('sha256', await readFile(file), 'hex') }]
  const statement = { subjects, builder: 'urn:cordon:local-stack', buildType: 'urn:cordon:working-copy' }
  return { ...manifest, provenance: [...manifest.provenance, signStatement(statement, builder, local)] }
}

const openVoucherFile = async (path: string): Promise<VoucherKey> => {
  const reason = 'whoever reads it can vouch for any code'
  return openVoucherKey(
    await openOwnerFile({ path, name: 'voucher key', code: 'VOUCHER_KEY', reason }, generateVoucherKeyPem),
  )
}
