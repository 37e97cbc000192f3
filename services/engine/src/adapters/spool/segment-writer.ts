import { closeSync, constants, fdatasync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'

import { headerBytes, segmentHeader } from './segment-file.ts'

const syncData = promisify(fdatasync)

/**
 * A file that is written in one go lies in the page cache in pieces of up to 2 MiB, and every small write and sync then goes through
 * all blocks of its piece (Linux 6.16 and later on ext4): three times the time of a record, twice that of a sync.
 */
const pieceBytes = 64 * 1024

/**
 * Makes a segment's file at its full size, filled with zeros, so that to begin with it is one small write; and a write
 * that changes no length is sooner on the disk.
 */
export const prepareSegment = async (path: string, size: number): Promise<void> => {
  const file = await open(path, 'wx', 0o600)
  try {
    const zeros = Buffer.alloc(Math.min(pieceBytes, size))
    for (let at = 0; at < size; at += pieceBytes) {
      await file.write(zeros, 0, Math.min(pieceBytes, size - at), at)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  const folder = await open(dirname(path))
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Writes one segment, from its beginning. Throws what the file system throws. */
export class SegmentWriter {
  readonly #file: number
  readonly #size: number
  #end = headerBytes

  private constructor(file: number, first: number, size: number) {
    this.#file = file
    this.#size = size
    writeSync(file, segmentHeader(first), 0, headerBytes, 0)
  }

  /** @param path a prepared file @param first number of its first record */
  static begin(path: string, first: number, size: number): SegmentWriter {
    const file = openSync(path, constants.O_RDWR)
    return orClose(file, () => new SegmentWriter(file, first, size))
  }

  /** Where none is prepared: the one before was filled too fast, or the disk is full. Leaves nothing behind where it fails. */
  static make(path: string, first: number, size: number): SegmentWriter {
    const file = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600)
    try {
      return orClose(file, () => {
        syncFolder(dirname(path))
        return new SegmentWriter(file, first, size)
      })
    } catch (error) {
      rmSync(path, { force: true })
      throw error
    }
  }

  hasRoom(bytes: number): boolean {
    return this.#end + bytes <= this.#size
  }

  /** From here on it outlives this process, and after `sync` the machine. */
  append(frame: Buffer): void {
    const written = writeSync(this.#file, frame, 0, frame.length, this.#end)
    if (written < frame.length) throw new Error(`expected to write ${frame.length} bytes, wrote ${written}`)
    this.#end += frame.length
  }

  /** Resolves when all that was appended before is on the disk. */
  sync(): Promise<void> {
    return syncData(this.#file)
  }

  close(): void {
    closeSync(this.#file)
  }
}

/** What fails must not keep the file open: on a full disk each call would, until nothing can be opened any more. */
const orClose = <Result>(file: number, run: () => Result): Result => {
  try {
    return run()
  } catch (error) {
    closeSync(file)
    throw error
  }
}

const syncFolder = (path: string): void => {
  const folder = openSync(path, constants.O_RDONLY)
  orClose(folder, () => fsyncSync(folder))
  closeSync(folder)
}
