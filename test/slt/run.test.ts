/**
 * Every .slt file under test/slt and fixtures/seeds under every configuration of test/configs. SLT_FILE and SLT_CONFIG
 * narrow it down by a part of the name: SLT_FILE=joins SLT_CONFIG=1x1 npx vitest run test/slt
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, test } from 'vitest';
import { runScript, Skipped, type Configuration } from './run.ts';

const root = join(import.meta.dirname, '../..');

function scriptsBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('.slt'))
    .map((f) => `${folder}/${f.replaceAll('\\', '/')}`)
    .filter((f) => f.includes(process.env['SLT_FILE'] ?? ''))
    .sort();
}

const files = [...scriptsBelow('test/slt'), ...scriptsBelow('fixtures/seeds')];
const configurations = readdirSync(join(root, 'test/configs'))
  .filter((f) => f.endsWith('.json') && f.includes(process.env['SLT_CONFIG'] ?? ''))
  .sort();

beforeAll(async () => {
  const { buildAll } = (await import('../../tools/build.mjs' as string)) as { buildAll(): Promise<void> };
  if (process.env['SLT_URL'] === undefined) await buildAll();
});

describe.each(configurations)('%s', (name) => {
  const configuration = JSON.parse(readFileSync(join(root, 'test/configs', name), 'utf8')) as Configuration;
  test.for(files)('%s', async (file, context) => {
    try {
      await runScript(file, configuration);
    } catch (error) {
      if (error instanceof Skipped) context.skip(error.reason);
      else throw error;
    }
  });
});
