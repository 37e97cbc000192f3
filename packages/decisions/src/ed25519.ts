import sodium from 'sodium-native'

/** RFC 8032 §5.1.5: bytes of the private key. */
export const seedBytes: number = sodium.crypto_sign_SEEDBYTES

/** One private key, ready to sign. */
export interface Ed25519Key {
  /** 32 bytes. */
  readonly publicKey: Buffer
  /** 64 bytes; the same message has the same signature. */
  sign(message: Buffer): Buffer
}

/** @param seed `seedBytes` secret bytes */
export const openEd25519Key = (seed: Buffer): Ed25519Key => {
  const publicKey = Buffer.alloc(sodium.crypto_sign_PUBLICKEYBYTES)
  const secretKey = Buffer.alloc(sodium.crypto_sign_SECRETKEYBYTES)
  sodium.crypto_sign_seed_keypair(publicKey, secretKey, seed)
  return {
    publicKey,
    sign(message) {
      // Filled whole. Memory of its own would cost as much again as the signing.
      const signature = Buffer.allocUnsafe(sodium.crypto_sign_BYTES)
      sodium.crypto_sign_detached(signature, message, secretKey)
      return signature
    },
  }
}

/** @param publicKey 32 bytes */
export const isSignedBy = (publicKey: Buffer, message: Buffer, signature: Buffer): boolean =>
  signature.length === sodium.crypto_sign_BYTES &&
  sodium.crypto_sign_verify_detached(signature, message, publicKey)
