// Beside the page, so that hashing gigabytes leaves it free. SubtleCrypto is no choice: it takes a file only whole, and
// browsers offer it only over HTTPS.
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { HashAnswer } from './hash'

const PIECE = 4 * 1024 * 1024

self.onmessage = async ({ data: blob }: MessageEvent<Blob>) => {
  const answer = (message: HashAnswer) => self.postMessage(message)
  try {
    const hash = sha256.create()
    for (let start = 0; start < blob.size; start += PIECE) {
      hash.update(new Uint8Array(await blob.slice(start, start + PIECE).arrayBuffer()))
      answer({ done: Math.min(start + PIECE, blob.size) })
    }
    answer({ digest: bytesToHex(hash.digest()) })
  } catch (error) {
    answer({ error: error instanceof Error ? error.message : String(error) })
  }
}
