import assert from 'node:assert/strict'
import { test } from 'node:test'

import { crc32c } from './crc32c.ts'

// RFC 3720 appendix B.4, and the check value of the CRC catalogue for "123456789".
const vectors: readonly [string, Buffer, number][] = [
  ['nothing', Buffer.alloc(0), 0],
  ['the digits 1 to 9', Buffer.from('123456789'), 0xe3069283],
  ['32 zeros', Buffer.alloc(32), 0x8a9136aa],
  ['32 ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
  ['32 rising bytes', Buffer.from(Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e],
  ['32 falling bytes', Buffer.from(Array.from({ length: 32 }, (_, i) => 31 - i)), 0x113fdb5c],
]

for (const [name, bytes, checksum] of vectors) {
  test(`crc32c of ${name}`, () => {
    assert.equal(crc32c(bytes), checksum)
  })
}
