import assert from 'node:assert/strict'
import { homedir } from 'node:os'
import { test } from 'node:test'

import { cacheFolder } from './cache-folder.ts'

test('the cache is where CORDON_CACHE_DIR says, else below the XDG cache, else below the home folder', () => {
  assert.equal(cacheFolder({ CORDON_CACHE_DIR: '/own', XDG_CACHE_HOME: '/xdg' }), '/own')
  assert.equal(cacheFolder({ CORDON_CACHE_DIR: '', XDG_CACHE_HOME: '/xdg' }), '/xdg/cordon')
  assert.equal(cacheFolder({}), `${homedir()}/.cache/cordon`)
})
