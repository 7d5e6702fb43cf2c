/**
 * The configurations of test/configs and which of them a run takes: the default and two drawn by a seed, all of them, or
 * those whose name holds a word. A configuration is a topology, where data lies, and forced paths of execution.
 *   SLT_CONFIG=1x1 | SLT_CONFIG=all     SLT_SEED=N repeats a drawing
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/common/clock.ts';
import { Prng } from '../../src/common/prng.ts';
import type { Configuration } from './cluster.ts';

const root = join(import.meta.dirname, '../..');
const DEFAULT = '2x2.json';
const DRAWN = 2;

export const configurationNames = (): string[] =>
  readdirSync(join(root, 'test/configs'))
    .filter((f) => f.endsWith('.json'))
    .sort();

export const configuration = (name: string): Configuration =>
  JSON.parse(readFileSync(join(root, 'test/configs', name), 'utf8')) as Configuration;

/** The default and two others that the seed draws. */
export function drawn(seed: number): string[] {
  const random = new Prng(seed);
  const rest = configurationNames().filter((f) => f !== DEFAULT);
  const names = [DEFAULT];
  while (names.length <= DRAWN && rest.length > 0) names.push(...rest.splice(random.u32() % rest.length, 1));
  return names;
}

/** What the environment asks for; prints the seed of a drawing. */
export function chosenConfigurations(): string[] {
  const asked = process.env['SLT_CONFIG'];
  if (asked === 'all') return configurationNames();
  if (asked !== undefined && asked !== '') return configurationNames().filter((f) => f.includes(asked));
  const seed = Number(process.env['SLT_SEED'] ?? systemClock.nowMs() % 1_000_000);
  const names = drawn(seed);
  process.stderr.write(`slt: configurations ${names.join(', ')} (SLT_SEED=${seed})\n`);
  return names;
}

/** Every script under test/slt and fixtures/seeds, relative to the repository. */
export const scripts = (): string[] =>
  ['test/slt', 'fixtures/seeds'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((f) => f.endsWith('.slt'))
      .map((f) => `${folder}/${f.replaceAll('\\', '/')}`)
      .sort(),
  );
