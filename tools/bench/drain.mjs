/**
 * A client that asks one query and throws the rows away as fast as they come, in a process of its own so that its work does
 * not delay the latencies measured beside it. Prints the number of bytes received.
 *   node tools/bench-drain.mjs <postgres url> <sql>
 */
import { connect } from 'node:net';

const [address = '', sql = ''] = process.argv.slice(2);
const url = new URL(address);
const socket = connect(Number(url.port), url.hostname);
const message = (/** @type {string} */ type, /** @type {Buffer} */ body) => {
  const head = Buffer.alloc(4);
  head.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), head, body]);
};
const startup = Buffer.concat([Buffer.from([0, 3, 0, 0]), Buffer.from(`user\0${url.username}\0database\0${url.pathname.slice(1)}\0\0`)]);
socket.write(message('', startup));

/** Only the five bytes in front of each message are looked at. */
let header = Buffer.alloc(0);
let skip = 0;
let bytes = 0;
let readyCount = 0;
let failed = false;
socket.on('data', (chunk) => {
  bytes += chunk.length;
  let at = 0;
  while (at < chunk.length) {
    if (skip > 0) {
      const step = Math.min(skip, chunk.length - at);
      skip -= step;
      at += step;
      continue;
    }
    const take = Math.min(5 - header.length, chunk.length - at);
    header = header.length === 0 && take === 5 ? chunk.subarray(at, at + 5) : Buffer.concat([header, chunk.subarray(at, at + take)]);
    at += take;
    if (header.length < 5) continue;
    skip = header.readInt32BE(1) - 4;
    if (header[0] === 0x45) failed = true;
    if (header[0] === 0x5a) ready();
    header = Buffer.alloc(0);
  }
});
function ready() {
  readyCount += 1;
  if (readyCount === 1) socket.write(message('Q', Buffer.from(`${sql}\0`)));
  else socket.end(message('X', Buffer.alloc(0)));
}
socket.on('close', () => {
  process.stdout.write(String(bytes));
  process.exitCode = failed ? 1 : 0;
});
