/**
 * Every .slt file under test/slt and fixtures/seeds under the default configuration of test/configs and two that a seed
 * draws. SLT_FILE and SLT_CONFIG narrow it down by a part of the name, SLT_CONFIG=all takes every configuration:
 * SLT_FILE=joins SLT_CONFIG=1x1 npx vitest run test/slt
 */
import { beforeAll, describe, test } from 'vitest';
import { chosenConfigurations, configuration, scripts } from './configurations.ts';
import { runScript, Skipped } from './run.ts';

const files = scripts().filter((f) => f.includes(process.env['SLT_FILE'] ?? ''));

beforeAll(async () => {
  const { buildAll } = (await import('../../tools/build.mjs' as string)) as { buildAll(): Promise<void> };
  if (process.env['SLT_URL'] === undefined) await buildAll();
});

describe.each(chosenConfigurations())('%s', (name) => {
  test.for(files)('%s', async (file, context) => {
    try {
      await runScript(file, configuration(name));
    } catch (error) {
      if (error instanceof Skipped) context.skip(error.reason);
      else throw error;
    }
  });
});
