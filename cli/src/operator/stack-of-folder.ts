import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { CordonError, faultInWords } from '@cordon/foundation'
import { readOwnerFile } from '@cordon/owner-files'
import { z } from 'zod'

const profileSchema = z.object({ identity: z.string() })

/**
 * Where the identity service of a `cordon up` is that keeps its data in a folder: the profile that it wrote says so.
 * @throws CordonError `STACK_UNKNOWN`
 */
export const identityOfFolder = async (folder: string): Promise<string> => {
  const file = join(folder, 'connect.json')
  const got = (what: string, cause?: unknown): CordonError =>
    new CordonError(
      'STACK_UNKNOWN',
      `${file}: expected what "cordon up" writes, got ${what}; --data names another folder, --identity an address`,
      { cause },
    )
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    throw got(faultInWords(cause), cause)
  }
  const { data } = profileSchema.safeParse(parseJson(text))
  if (data === undefined) throw got('another text')
  return data.identity
}

/** @throws CordonError `OPERATOR_SECRET_UNREADABLE`, `OPERATOR_SECRET_EXPOSED`, `OPERATOR_SECRET_INVALID` */
export const readOperatorSecret = async (path: string): Promise<string> => {
  const reason = 'whoever reads it can stop every agent'
  const name = 'operators’ secret'
  const secret = (await readOwnerFile({ path, name, code: 'OPERATOR_SECRET', reason })).trim()
  if (secret === '')
    throw new CordonError('OPERATOR_SECRET_INVALID', `${name} ${path}: expected a secret, got an empty file`)
  return secret
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    // Refused by the schema.
    return undefined
  }
}
