/** Every SQL script under every configuration: `npm test` takes the default one, and some of the scripts under two that a seed draws. */
import { basename, dirname } from 'node:path';
import { systemClock } from '../../src/common/clock.ts';
import { configuration, configurationNames, scripts } from '../../test/slt/configurations.ts';
import { Clusters } from '../../test/slt/cluster.ts';
import { runScript, Skipped } from '../../test/slt/run.ts';
import type { Campaign } from './campaign.ts';

const folderOf = (file: string): string => basename(dirname(file));
const folders = (): readonly string[] => [...new Set(scripts().map(folderOf))];

export const campaign: Campaign = {
  about: 'every SQL script under every configuration: topologies, restarts, each variant of the code',
  unit: 'rounds',
  trials: 1,
  report: 'SLT-CAMPAIGN.md',
  title: 'SQL scripts under every configuration',
  parts: folders(),
  run: async ({ trials, only, log }) => {
    const started = systemClock.monotonicMs();
    const asked = scripts().filter((file) => only?.includes(folderOf(file)) !== false);
    const rows: string[] = [];
    let failed = 0;
    for (const name of configurationNames()) {
      const clusters = new Clusters();
      const counts = { passed: 0, skipped: 0, failed: 0 };
      for (let round = 0; round < trials; round++) {
        for (const file of asked) {
          try {
            await runScript(file, configuration(name), clusters);
            counts.passed++;
          } catch (error) {
            if (error instanceof Skipped) counts.skipped++;
            else {
              counts.failed++;
              log(`${name} ${file}: ${error instanceof Error ? error.message : String(error)}`);
            }
          }
        }
      }
      await clusters.close().catch((error: unknown) => {
        counts.failed++;
        log(`${name}: ${String(error)}`);
      });
      failed += counts.failed;
      rows.push(`| ${name.replace('.json', '')} | ${counts.passed} | ${counts.skipped} | ${counts.failed} |`);
      log(rows.at(-1)!);
    }
    const seconds = Math.round((systemClock.monotonicMs() - started) / 1000);
    const table = ['| configuration | passed | skipped | failed |', '|---|---|---|---|', ...rows].join('\n');
    return { good: failed === 0, report: `Configurations of test/configs, ${seconds} s.\n\n${table}` };
  },
};
