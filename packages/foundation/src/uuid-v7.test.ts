import assert from 'node:assert/strict'
import { test } from 'node:test'

import { uuidV7 } from './uuid-v7.ts'

test('carries the time, the version and the variant of RFC 9562 §5.7', () => {
  // The time of the RFC's own example, Appendix A.6.
  assert.match(uuidV7(0x017f22e279b0), /^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('never repeats', () => {
  const ids = new Set(Array.from({ length: 10_000 }, () => uuidV7(1)))
  assert.equal(ids.size, 10_000)
})
