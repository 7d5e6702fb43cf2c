/**
 * The configurations of test/configs and which of them a run takes: the default and two that a seed draws, all of them, or
 * those whose name holds a word. A configuration is a topology, where data lies, and forced paths of execution. Under a drawn
 * one runs a share of the scripts, which the seed draws, too: a third of them, less where a script takes long.
 *   SLT_CONFIG=1x1 | SLT_CONFIG=all     every script under these; SLICEHOUSE_DRAW=N repeats a drawing
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { drawn } from '../../src/common/test-trials.ts';
import type { Configuration } from './cluster.ts';

const root = join(import.meta.dirname, '../..');
export const DEFAULT = '2x2.json';
const DRAWN = 2;
const SCRIPTS_SHARE = 1 / 3;
/** Where batches are tiny, everything begins anew all the time, or slices are as many as these. */
const SLOW_SCRIPTS_SHARE = 1 / 8;
const MANY_SLICES = 16;

export const configurationNames = (): string[] =>
  readdirSync(join(root, 'test/configs'))
    .filter((f) => f.endsWith('.json'))
    .sort();

export const configuration = (name: string): Configuration =>
  JSON.parse(readFileSync(join(root, 'test/configs', name), 'utf8')) as Configuration;

/** Others than the default, from the seed of the run. */
export const drawnConfigurations = (): string[] =>
  drawn(
    'configurations',
    configurationNames().filter((f) => f !== DEFAULT),
    DRAWN,
  );

/** What SLT_CONFIG asks for. */
export function askedConfigurations(): string[] | undefined {
  const asked = process.env['SLT_CONFIG'] ?? '';
  if (asked === '') return undefined;
  return asked === 'all' ? configurationNames() : configurationNames().filter((f) => f.includes(asked));
}

/** Every script under test/slt and fixtures/seeds, relative to the repository. */
export const scripts = (): string[] =>
  ['test/slt', 'fixtures/seeds'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((f) => f.endsWith('.slt'))
      .map((f) => `${folder}/${f.replaceAll('\\', '/')}`)
      .sort(),
  );

/** The scripts that run under a configuration nobody asked for by name. */
export function drawnScripts(name: string): string[] {
  const all = scripts();
  if (name === DEFAULT) return all;
  const { nodes, slices, environment, restartBeforeQueries } = configuration(name);
  const slow = environment !== undefined || restartBeforeQueries === true || nodes * slices >= MANY_SLICES;
  return drawn(`scripts under ${name}`, all, Math.ceil(all.length * (slow ? SLOW_SCRIPTS_SHARE : SCRIPTS_SHARE)));
}
