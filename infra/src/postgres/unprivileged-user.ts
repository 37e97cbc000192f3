import { readFileSync } from 'node:fs'

export interface SystemUser {
  readonly uid: number
  readonly gid: number
}

/**
 * Whom PostgreSQL has to run as: it refuses root. `undefined` where the present user will do, or nobody else is known.
 */
export const unprivilegedUser = (uid: number | undefined = process.getuid?.()): SystemUser | undefined => {
  if (uid !== 0) return undefined
  const users = readUsers()
  return users.get('postgres') ?? users.get('nobody')
}

const readUsers = (): ReadonlyMap<string, SystemUser> => {
  try {
    return parseUsers(readFileSync('/etc/passwd', 'utf8'))
  } catch {
    return new Map()
  }
}

/** @param text of passwd(5): `name:password:uid:gid:…` */
export const parseUsers = (text: string): ReadonlyMap<string, SystemUser> =>
  new Map(
    text.split('\n').flatMap(line => {
      const [name, , uid, gid] = line.split(':')
      return name === undefined || gid === undefined ? [] : [[name, { uid: Number(uid), gid: Number(gid) }]]
    }),
  )
