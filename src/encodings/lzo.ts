/**
 * LZO: the finished chunk compressed with LZO1X by our own kernels, unpacked when it enters the block cache.
 */
import { codecRoom, encoding } from './encoding.ts';

const NOT_FOR = new Set(['bool', 'float4', 'float8']);

export default encoding({
  name: 'lzo',
  tag: 5,
  doc: 'LZO1X over the chunk. Default of CHAR and VARCHAR.',
  supports: (type) => !NOT_FOR.has(type.name),
  codec: {
    compress(memory, at, bytes, work, scratch) {
      const size = memory.kernels.lzo_compress(at, bytes, work, scratch);
      return memory.bytes.slice(work, work + Math.min(size, codecRoom(bytes)));
    },
    expand(memory, stored, storedBytes, to, bytes) {
      return memory.kernels.lzo_decompress(stored, storedBytes, to, bytes) === bytes;
    },
  },
});
