import type { AttackedCheck } from '../../prove/prove-checks.ts'
import { attacksIn } from './against.ts'

const engineKeysFile = 'packages/tokens/src/downstream/engine-keys.ts'
const engineKeyBookFile = 'services/identity/src/adapters/engine-keys/engine-key-book.ts'
const engineKeyTableFile = 'services/identity/src/adapters/engine-keys/engine-key-table.ts'

const inEngineKeys = attacksIn('engine-keys.test.ts')

/** Of the keys that engines announce, at identity. */
export const engineKeyChecks: readonly AttackedCheck[] = [
  inEngineKeys(
    'rejects keys announced in the name of an engine, signed by somebody else',
    'signature of announced keys',
    engineKeysFile,
    "if (!key.verifies(jws.signed, jws.signature)) return { ok: false, reason: 'SIGNATURE_WRONG' }",
  ),
  inEngineKeys(
    'rejects keys announced by a stranger, whose own key no bundle names',
    'announcer of keys is named by the bundle',
    engineKeysFile,
    `  if (key === undefined || key.algorithm !== algorithm) return { ok: false, reason: 'ANNOUNCER_UNKNOWN' }
  if (!key.verifies(jws.signed, jws.signature)) return { ok: false, reason: 'SIGNATURE_WRONG' }`,
    `  if (key !== undefined && !key.verifies(jws.signed, jws.signature))
    return { ok: false, reason: 'SIGNATURE_WRONG' }`,
  ),
  inEngineKeys(
    'rejects keys that an engine announced in another deployment',
    'deployment of announced keys',
    engineKeysFile,
    ' || claims.data.aud !== issuer',
  ),
  inEngineKeys(
    'rejects another statement of an engine as an announcement of keys',
    'type of announced keys',
    engineKeysFile,
    'typ !== type || ',
  ),
  inEngineKeys(
    'rejects an old announcement that brings a withdrawn key back',
    'age of an announcement',
    engineKeyBookFile,
    'Math.abs(said.issuedAt - now) > maxSkewMs',
    'Math.abs(said.issuedAt - now) < 0',
  ),
  inEngineKeys(
    'rejects an older announcement that was kept back: it changes nothing',
    'order of announcements',
    engineKeyTableFile,
    'where engine_keys.announced_at <= excluded.announced_at',
  ),
  inEngineKeys(
    'rejects the keys of an engine that left the bundle, however long it announced them for',
    'published keys are of engines in the bundle',
    engineKeyBookFile,
    'named.has(announcer) && until > clock.now()',
    'named.size >= 0 && announcer !== "" && until > clock.now()',
  ),
  inEngineKeys(
    'rejects a key that is announced for longer than a day: nobody would have to ask again',
    'life of announced keys',
    engineKeyBookFile,
    'until > now + maxLifeMs',
    'until < 0',
  ),
]
