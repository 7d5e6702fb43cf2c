/** Every query of every workload (test/workloads) under every configuration. */
import { systemClock } from '../../src/common/clock.ts';
import { configuration, configurationNames } from '../../test/slt/configurations.ts';
import { LoadedWorkload } from '../../test/workloads/answers.ts';
import { WORKLOADS } from '../../test/workloads/registry.ts';
import type { Campaign } from './campaign.ts';

export const campaign: Campaign = {
  about:
    'queries over the schemas of TPC-DS, SSB and web hits under every configuration, against DuckDB and PostgreSQL',
  unit: 'rounds',
  trials: 1,
  report: 'WORKLOAD-CAMPAIGN.md',
  title: 'Workloads under every configuration',
  run: async ({ trials, log }) => {
    const rows: string[] = [];
    const faults: string[] = [];
    for (const name of configurationNames()) {
      for (const workload of WORKLOADS) {
        const started = systemClock.monotonicMs();
        const loaded = await LoadedWorkload.start(workload, configuration(name));
        let asked = 0;
        const before = faults.length;
        for (let round = 0; round < trials; round++) {
          for (const query of loaded.queries) {
            asked++;
            const wrong = await loaded.wrong(query);
            if (wrong !== undefined) faults.push(`${name} ${workload.name} ${query.name}: ${wrong}`);
          }
        }
        faults.push(...(await loaded.breaches()).map((b) => `${name} ${workload.name}: ${b}`));
        await loaded.close();
        for (const fault of faults.slice(before)) log(fault);
        const seconds = Math.round((systemClock.monotonicMs() - started) / 1000);
        rows.push(
          `| ${name.replace('.json', '')} | ${workload.name} | ${asked} | ${faults.length - before} | ${seconds} |`,
        );
        log(rows.at(-1)!);
      }
    }
    const table = [
      '| configuration | workload | queries | faults | seconds |',
      '|---|---|---|---|---|',
      ...rows,
    ].join('\n');
    return { good: faults.length === 0, report: `${table}\n${faults.map((f) => `\n- ${f}`).join('')}` };
  },
};
