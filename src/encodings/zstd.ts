/**
 * ZSTD: the finished chunk compressed with Zstandard, unpacked when it enters the block cache.
 */
import { zstdCompress, zstdDecompress } from '../common/compress/zstd.ts';
import { SqlError } from '../common/errors/sql-error.ts';
import { encoding } from './encoding.ts';

export default encoding({
  name: 'zstd',
  tag: 6,
  doc: 'Zstandard over the chunk; any type.',
  supports: () => true,
  codec: {
    compress: (memory, at, bytes) => zstdCompress(memory.bytes.slice(at, at + bytes)),
    expand(memory, stored, storedBytes, to, bytes) {
      try {
        const unpacked = zstdDecompress(memory.bytes.slice(stored, stored + storedBytes), bytes);
        if (unpacked.length !== bytes) return false;
        memory.bytes.set(unpacked, to);
        return true;
      } catch (error) {
        if (error instanceof SqlError) return false;
        throw error;
      }
    },
  },
});
