/** The checksums against their published check values ("123456789"), in one piece and in several. */
import { expect, test } from 'vitest';
import { CHECKSUMS } from './checksum.ts';

test.each([
  ['crc32', 'cbf43926'],
  ['crc32c', 'e3069283'],
  ['crc64nvme', 'ae8b14860a799888'],
  ['sha1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
  ['sha256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
  ['md5', '25f9e794323b453885f5181f1b624d0b'],
])('%s', (name, hex) => {
  for (const pieces of [['123456789'], ['1', '2345', '', '6789']]) {
    const checksum = CHECKSUMS[name]!.make();
    for (const piece of pieces) checksum.update(Buffer.from(piece));
    expect(Buffer.from(checksum.digest(), 'base64').toString('hex')).toBe(hex);
  }
  expect(hex).toHaveLength(2 * CHECKSUMS[name]!.bytes);
});
