import type { AttackedCheck } from '../../prove/prove-checks.ts'
import { attacksIn } from './against.ts'

const oidcKeysFile = 'services/identity/src/adapters/humans/database-oidc-keys.ts'
const sealedRecordsFile = 'services/identity/src/adapters/humans/sealed-records.ts'

const inStolenDatabase = attacksIn('stolen-database.test.ts')

/** Of what stands in the database. */
export const storedChecks: readonly AttackedCheck[] = [
  inStolenDatabase(
    'rejects an ID token forged by whoever stole the database: the provider’s keys are sealed',
    'seal of the provider’s keys',
    oidcKeysFile,
    'const sealed = seal(secret, sealedName(purpose, id), facts.sealingKey)',
    'const sealed = Buffer.from(secret)',
  ),
  inStolenDatabase(
    'rejects a log-in taken over by whoever stole the database: codes and cookies are not in it',
    'seal of the provider’s records',
    sealedRecordsFile,
    'seal: (kind, id, body) => seal(JSON.stringify(body), nameOf(kind, id), sealingKey),',
    'seal: (_kind, _id, body) => Buffer.from(JSON.stringify(body)),',
  ),
  inStolenDatabase(
    'rejects a log-in taken over by whoever stole the database: codes and cookies are not in it',
    'names of the provider’s records',
    sealedRecordsFile,
    "createHmac('sha256', digestKey).update(JSON.stringify(parts)).digest()",
    "Buffer.from(parts.join(' '))",
  ),
]
