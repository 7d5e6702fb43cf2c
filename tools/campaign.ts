/**
 * `npm run campaign -- [NAME ...]`: the long tests, each from a printed seed, each with its result in docs/. Without a name all
 * of them run, one after the other. Exits with 1 when any found something.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { systemClock } from '../src/common/clock.ts';
import type { Campaign } from './campaign/campaign.ts';
import { readCommandLine, refuse } from './command-line.ts';

const folder = join(import.meta.dirname, 'campaign');
const names = readdirSync(folder)
  .filter((f) => f.endsWith('.ts') && f !== 'campaign.ts')
  .map((f) => f.slice(0, -3))
  .sort();
const load = async (name: string): Promise<Campaign> =>
  ((await import(pathToFileURL(join(folder, `${name}.ts`)).href)) as { readonly campaign: Campaign }).campaign;

const helpAsked = process.argv.some((a) => a === '--help' || a === '-h');
const described = helpAsked
  ? await Promise.all(
      names.map(async (name) => {
        const c = await load(name);
        return `  ${name.padEnd(14)}${c.about} (${c.trials} ${c.unit}, docs/${c.report})`;
      }),
    )
  : [];
const TOOL = {
  command: 'npm run campaign --',
  operands: '[NAME ...]',
  about: [
    'Long tests from a printed seed; the results go to docs/. Without a name all of them run.',
    '',
    ...described,
  ].join('\n'),
  options: {
    seed: { value: 'N', doc: 'replays a run (default: from the clock)' },
    trials: { value: 'N', doc: "how much of the campaign's unit (default: its own)" },
    only: { value: 'PARTS', doc: 'some kinds of queries, with commas between them; some folders of scripts' },
    'no-report': { doc: 'leave docs/ as it is' },
  },
} as const;
const options = readCommandLine(TOOL);
const wanted = options.operands.length === 0 ? names : options.operands;
for (const name of wanted) if (!names.includes(name)) refuse(TOOL, `campaigns are ${names.join(', ')}; not ${name}`);
const seed = options.text('seed') === undefined ? systemClock.nowMs() % 1_000_000 : options.count('seed', 0);
const only = options.text('only')?.split(',');
const trialsGiven = options.text('trials') === undefined ? undefined : options.count('trials', 1);

for (const name of wanted) {
  const c = await load(name);
  const trials = trialsGiven ?? c.trials;
  const strange = only?.find((part) => c.parts?.includes(part) !== true);
  if (strange !== undefined) refuse(TOOL, `${name} has no part ${strange}, but ${c.parts?.join(', ') ?? 'none'}`);
  process.stdout.write(`campaign ${name}: ${trials} ${c.unit}, seed ${seed}\n`);
  const result = await c.run({ seed, trials, only, log: (line) => void process.stdout.write(`${line}\n`) });
  const command = `npm run campaign -- ${name} --trials ${trials} --seed ${seed}${only === undefined ? '' : ` --only ${only.join(',')}`}`;
  const text = `# ${c.title}\n\nWritten by \`${command}\`. Result: ${result.good ? 'as it shall be' : '**not** as it shall be'}.\n\n${result.report.trimEnd()}\n`;
  if (!options.has('no-report')) writeFileSync(join(import.meta.dirname, '../docs', c.report), text);
  process.stdout.write(text);
  if (!result.good) process.exitCode = 1;
}
