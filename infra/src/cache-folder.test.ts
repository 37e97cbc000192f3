import assert from 'node:assert/strict'
import { homedir } from 'node:os'
import { test } from 'node:test'

import { cacheFolder, makeCacheFolder } from './cache-folder.ts'

test('the cache is where CORDON_CACHE_DIR says, else below the XDG cache, else below the home folder', () => {
  assert.equal(cacheFolder({ CORDON_CACHE_DIR: '/own', XDG_CACHE_HOME: '/xdg' }), '/own')
  assert.equal(cacheFolder({ CORDON_CACHE_DIR: '', XDG_CACHE_HOME: '/xdg' }), '/xdg/cordon')
  assert.equal(cacheFolder({}), `${homedir()}/.cache/cordon`)
})

test('a cache that cannot be made is told with what names another', () => {
  const below = `${import.meta.filename}/artefacts`
  assert.throws(() => makeCacheFolder(below), {
    code: 'FOLDER_UNUSABLE',
    message: `cache ${below}: expected a folder that can be made and written, got a file; CORDON_CACHE_DIR names another`,
  })
})
