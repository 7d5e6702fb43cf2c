/**
 * The command line of a tool: its options as data, `--help` that explains and ends, and a wrong option that ends with 2
 * and one sentence. Every `npm run <tool>` reads its arguments through this, before it loads anything heavy.
 */
import { parseArgs } from 'node:util';

export interface ToolOption {
  /** What stands for the value in --help; undefined makes it a switch. */
  readonly value?: string;
  readonly default?: string;
  readonly doc: string;
}
export interface Tool<Names extends string> {
  /** How it is called, e.g. `npm run bench --`. */
  readonly command: string;
  /** What stands behind the command before the options, e.g. `"SQL"`. */
  readonly operands?: string;
  /** One or more sentences. */
  readonly about: string;
  readonly options: Readonly<Record<Names, ToolOption>>;
}
export interface CommandLine<Names extends string> {
  readonly operands: readonly string[];
  /** The option's text; undefined when it has no default and was not given. */
  text(name: Names): string | undefined;
  has(name: Names): boolean;
  /** A whole number of at least `least`. */
  count(name: Names, least: number): number;
}

export function toolHelp(tool: Tool<string>): string {
  const rows = Object.entries(tool.options).map(([name, o]) => [
    `--${name}${o.value === undefined ? '' : ` ${o.value}`}`,
    `${o.doc}${o.default === undefined ? '' : ` (default: ${o.default})`}`,
  ]);
  rows.push(['--help', 'this text']);
  const width = Math.max(...rows.map(([left]) => left!.length)) + 2;
  const usage = [tool.command, tool.operands, '[options]'].filter((part) => part !== undefined).join(' ');
  return [`Usage: ${usage}`, '', tool.about, '', ...rows.map(([l, r]) => `  ${l!.padEnd(width)}${r}`), ''].join('\n');
}

/** Ends the process with 2 and a sentence. */
export function refuse(tool: Tool<string>, problem: string): never {
  process.stderr.write(`${problem}\nTry: ${tool.command} --help\n`);
  process.exit(2);
}

export function readCommandLine<Names extends string>(
  tool: Tool<Names>,
  argv: readonly string[] = process.argv.slice(2),
): CommandLine<Names> {
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(toolHelp(tool));
    process.exit(0);
  }
  const entries = Object.entries(tool.options) as [Names, ToolOption][];
  const options = Object.fromEntries(
    entries.map(([name, o]) => [name, { type: o.value === undefined ? ('boolean' as const) : ('string' as const) }]),
  );
  let parsed;
  try {
    parsed = parseArgs({ args: [...argv], options, allowPositionals: tool.operands !== undefined });
  } catch (error) {
    refuse(tool, (error as Error).message.split('\n')[0]!);
  }
  const given = parsed.values as Readonly<Record<string, string | boolean | undefined>>;
  const text = (name: Names): string | undefined => {
    const value = given[name];
    return typeof value === 'string' ? value : tool.options[name].default;
  };
  return {
    operands: parsed.positionals,
    text,
    has: (name) => given[name] === true,
    count: (name, least) => {
      const value = text(name) ?? '';
      if (!/^\d{1,9}$/.test(value) || Number(value) < least)
        refuse(tool, `--${name} must be a whole number of at least ${least}, not ${JSON.stringify(value)}`);
      return Number(value);
    },
  };
}
