/**
 * Object I/O whose every operation passes a test's switch first (common/object-io-switch.ts).
 */
import type { ObjectIoSwitch } from '../../common/object-io-switch.ts';
import type { ObjectIo } from '../../s3/object-io.ts';

export function switched(io: ObjectIo, gate: ObjectIoSwitch): ObjectIo {
  return {
    async open(range) {
      await gate.pass();
      const reader = await io.open(range);
      return {
        traffic: reader.traffic,
        async read(into) {
          await gate.pass();
          return reader.read(into);
        },
        abort: () => reader.abort?.(),
        close: () => reader.close(),
      };
    },
    async create(target) {
      await gate.pass();
      const writer = await io.create(target);
      return {
        traffic: writer.traffic,
        async write(bytes) {
          await gate.pass();
          await writer.write(bytes);
        },
        seal: () => writer.seal(),
        abort: () => writer.abort(),
      };
    },
  };
}
