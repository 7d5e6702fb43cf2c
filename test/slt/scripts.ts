/** The tests of the .slt files under one configuration: of run.test.ts, drawn-1.test.ts and drawn-2.test.ts. */
import { afterAll, beforeAll, describe, test } from 'vitest';
import { Clusters } from './cluster.ts';
import { configuration } from './configurations.ts';
import { runScript, Skipped } from './run.ts';

/** `laws` at the end: on what the last scripts left. */
export function testScripts(name: string, files: readonly string[]): void {
  const clusters = new Clusters();
  beforeAll(async () => {
    const { buildAll } = (await import('../../tools/build.mjs' as string)) as { buildAll(): Promise<void> };
    if (process.env['SLT_URL'] === undefined) await buildAll();
  });
  describe(name, () => {
    test.for(files.filter((f) => f.includes(process.env['SLT_FILE'] ?? '')))('%s', async (file, context) => {
      try {
        await runScript(file, configuration(name), clusters);
      } catch (error) {
        if (error instanceof Skipped) context.skip(error.reason);
        else throw error;
      }
    });
    test('the counters of all queries add up', () => clusters.close());
  });
  afterAll(() => clusters.close());
}
