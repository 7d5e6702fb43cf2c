/** Damage to every kind of file of a data directory: a start names it or serves exactly what was committed. */
import { Prng } from '../../src/common/prng.ts';
import {
  DAMAGES,
  KINDS,
  makeTemplates,
  planTrials,
  removeTemplates,
  runTrial,
  type Trial,
} from '../../test/durability/damage.ts';
import type { Campaign } from './campaign.ts';

/** Trials at the same time, each on a directory of its own. */
const AT_ONCE = 4;

export const campaign: Campaign = {
  about: 'a damaged file or folder of a data directory, start, every table compared with a model',
  unit: 'trials',
  trials: 320,
  report: 'DAMAGE-CAMPAIGN.md',
  title: 'Damage campaign',
  run: async ({ seed, trials, log }) => {
    const templates = await makeTemplates(seed);
    const done: Trial[] = [];
    const failures: string[] = [];
    const plans = [...planTrials(templates, seed + 2, trials).entries()];
    const work = async (): Promise<void> => {
      for (let next = plans.shift(); next !== undefined; next = plans.shift()) {
        try {
          done.push(await runTrial(next[1], new Prng(seed + next[0])));
        } catch (error) {
          failures.push(error instanceof Error ? error.message : String(error));
          log(`FAILED ${failures.at(-1)}`);
        }
        if ((done.length + failures.length) % 20 === 0) log(`${done.length + failures.length} trials`);
      }
    };
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    } finally {
      removeTemplates(templates);
    }
    return { good: failures.length === 0, report: reportText(done, failures) };
  },
};

const LETTER = {
  refused: 'refused',
  'named at the query': 'query',
  'warned, all right': 'warned',
  'all right': 'right',
};

function reportText(trials: readonly Trial[], failures: readonly string[]): string {
  const cell = (file: string, damage: string): string => {
    const counts = new Map<string, number>();
    for (const t of trials) {
      if (t.file !== file || t.damage !== damage) continue;
      counts.set(LETTER[t.outcome], (counts.get(LETTER[t.outcome]) ?? 0) + 1);
    }
    return [...counts].map(([what, n]) => `${what} ${n}`).join(', ');
  };
  const damages = Object.keys(DAMAGES);
  const rows = Object.keys(KINDS).map((file) => `| ${file} | ${damages.map((d) => cell(file, d)).join(' | ')} |`);
  const total = (outcome: Trial['outcome']): number => trials.filter((t) => t.outcome === outcome).length;
  return `A warehouse of 2 nodes on a data directory, once as a clean stop and once as a kill left it. Each trial damages one file, folder
or pair of copies, starts a server and reads every table whole (test/durability/damage.ts). *refused*: the start refuses and
names the file; *query*: the query that reads it is refused with its name; *warned*: the start names it, recovery made up for
it and every row is right; *right*: every row is right (the bytes are not used, or a copy or the log holds the same).

| | ${damages.join(' | ')} |
|---|${damages.map(() => '---|').join('')}
${rows.join('\n')}

Trials ${trials.length + failures.length}: refused ${total('refused')}, named at the query ${total('named at the query')}, warned and right ${total('warned, all right')}, right ${total('all right')}.
Other data shown, or damage without a name: ${failures.length === 0 ? 'none' : `${failures.length}\n\n${failures.map((f) => `- ${f}`).join('\n')}`}.`;
}
