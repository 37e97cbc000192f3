import { hashText } from '../hash.ts'

/** Whose baseline it is: an agent, a role of humans, or everyone. */
export interface Subject {
  readonly kind: 'agent' | 'role' | 'all'
  /** Empty for everyone. */
  readonly name: string
}

export const everyone: Subject = { kind: 'all', name: '' }

/** `agent/<agentId>`, `role/<role>`, `all`: what topics and states know a subject by. */
export const subjectKey = ({ kind, name }: Subject): string => (kind === 'all' ? 'all' : `${kind}/${name}`)

/** @returns undefined where the text is no subject's key */
export const parseSubject = (key: string): Subject | undefined => {
  if (key === 'all') return everyone
  const [, kind, name] = /^(agent|role)\/(.+)$/su.exec(key) ?? []
  return name === undefined ? undefined : { kind: kind as 'agent' | 'role', name }
}

/** The partition that everything about a subject stands on. @param key `subjectKey` */
export const subjectPartition = (key: string, partitions: number): number => hashText(key) % partitions
