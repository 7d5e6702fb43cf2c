/**
 * Writes generated sample data into a folder, for trying things out by hand:
 *   npx tsx test/data/generate.ts <folder> [orders|orders-with-header|users|listings|sales ...] [--scale 0.1] [--seed 1]
 */
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { orderLines } from './adventureworks.ts';
import { listingLines, saleLines, userLines } from './tickit.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { scale: { type: 'string', default: '1' }, seed: { type: 'string', default: '1' } },
});
const scale = Number(values.scale);
const seed = Number(values.seed);
const ORDER_LINES = 60_919;
const files: Readonly<Record<string, readonly [string, () => Iterable<string>]>> = {
  orders: ['orders.csv', () => orderLines({ seed, lines: Math.round(ORDER_LINES * scale) })],
  'orders-with-header': [
    'orders_with_header.csv',
    () => orderLines({ seed, lines: Math.round(ORDER_LINES * scale), header: true }),
  ],
  users: ['allusers_pipe.txt', () => userLines(scale, seed)],
  listings: ['listings_pipe.txt', () => listingLines(scale, seed)],
  sales: ['sales_tab.txt', () => saleLines(scale, seed)],
};
const [folder = '.', ...wanted] = positionals;
mkdirSync(folder, { recursive: true });
for (const name of wanted.length > 0 ? wanted : Object.keys(files)) {
  const file = files[name];
  if (file === undefined) {
    process.stderr.write(`no data set called ${name}; there are ${Object.keys(files).join(', ')}\n`);
    process.exit(2);
  }
  const lines = file[1]();
  const text = function* (): Generator<string> {
    for (const line of lines) yield `${line}\n`;
  };
  await pipeline(Readable.from(text()), createWriteStream(join(folder, file[0])));
}
