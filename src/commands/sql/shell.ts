/**
 * The shell without a terminal: takes lines, sends statements, prints what comes back, carries out the commands with a
 * backslash. Scripts, -c and the terminal all feed it.
 */
import type { Client } from 'pg';
import { systemClock } from '../../common/clock.ts';
import { CommandError } from '../objects.ts';
import { cancelRunning, openClient, type Target } from './connection.ts';
import { errorText, type ServerMessage } from './error-text.ts';
import { resultWriter, type Look, type ResultWriter } from './result-text.ts';
import { runQuery } from './run-query.ts';
import { StatementSplitter, type Statement } from './statements.ts';

export interface ShellOutput {
  /** Settled when more may be written. */
  print(text: string): Promise<void>;
  say(text: string): void;
}
export interface ShellOptions {
  format: Look['format'];
  expanded: boolean;
  nullText: string;
  timing: boolean;
  /** Goes on behind an error. */
  readonly continues: boolean;
}
/** Commands with a backslash: `\name argument...`; the rest of the line as it stands. */
export type BackslashCommand = (shell: Shell, argument: string) => Promise<void>;
export type BackslashCommands = ReadonlyMap<string, BackslashCommand>;
/** Files that \i may read inside of each other. */
const INCLUDES_MAX = 20;

export class Shell {
  splitter = new StatementSplitter();
  failed = false;
  /** Nothing more shall run. */
  ended = false;
  running = false;
  private includes = 0;
  private constructor(
    public target: Target,
    private client: Client,
    readonly out: ShellOutput,
    readonly options: ShellOptions,
    private readonly commands: BackslashCommands,
  ) {
    this.watch();
  }
  static async open(
    target: Target,
    out: ShellOutput,
    options: ShellOptions,
    commands: BackslashCommands,
  ): Promise<Shell> {
    return new Shell(target, await openClient(target), out, options, commands);
  }
  private watch(): void {
    this.client.on('notice', (notice) => this.out.say(errorText(notice, '')));
  }
  async connect(target: Target): Promise<void> {
    const client = await openClient(target);
    await this.client.end();
    this.client = client;
    this.target = target;
    this.watch();
  }
  close(): Promise<void> {
    return this.client.end();
  }
  async cancel(): Promise<void> {
    if (this.running) await cancelRunning(this.client, this.target);
  }
  /** In a transaction '*', in a failed one '!', else ''. */
  get transaction(): string {
    const status = this.client.getTransactionStatus();
    return status === 'T' ? '*' : status === 'E' ? '!' : '';
  }

  /** Runs a text to its end. `file` stands before its errors. */
  async script(text: string, file?: string): Promise<void> {
    const outer = this.splitter;
    this.splitter = new StatementSplitter();
    try {
      for (const line of text.split('\n')) {
        await this.line(line, file);
        if (this.ended) return;
      }
      for (const statement of this.splitter.end()) await this.statement(statement, file);
    } finally {
      this.splitter = outer;
    }
  }
  async include(path: string, read: (path: string) => string): Promise<void> {
    if (this.includes >= INCLUDES_MAX) throw new CommandError(`\\i goes deeper than ${INCLUDES_MAX} files`);
    this.includes += 1;
    try {
      await this.script(read(path), path);
    } finally {
      this.includes -= 1;
    }
  }
  /** A line without its line break. */
  async line(line: string, file?: string): Promise<void> {
    const command = this.splitter.takesCommands ? /^\s*\\(\S+)\s*(.*?)[\s;]*$/.exec(line) : null;
    if (command !== null) {
      this.splitter.skipLine();
      await this.backslash(command[1] as string, command[2] as string);
      return;
    }
    for (const statement of this.splitter.push(`${line.replace(/\r$/, '')}\n`)) {
      await this.statement(statement, file);
      if (this.ended) return;
    }
  }
  private async backslash(name: string, argument: string): Promise<void> {
    const command = this.commands.get(name);
    try {
      if (command === undefined) throw new CommandError(`invalid command \\${name}: try \\? for help`);
      await command(this, argument);
    } catch (error) {
      this.fail(`\\${name}: ${errorText(error as ServerMessage, '').replace(/^ERROR: {2}/, '')}`);
    }
  }
  private fail(text: string): void {
    this.out.say(text);
    this.failed = true;
    if (!this.options.continues) this.ended = true;
  }

  private async statement({ text, line }: Statement, file: string | undefined): Promise<void> {
    const started = systemClock.monotonicMs();
    try {
      await this.show(text);
    } catch (error) {
      this.fail(`${file === undefined ? '' : `${file}:${line}: `}${errorText(error as ServerMessage, text)}`);
      // The server has ended the connection, or is gone.
      if ((error as ServerMessage).severity !== 'ERROR') this.ended = true;
    }
    if (this.options.timing) this.out.say(`Time: ${(systemClock.monotonicMs() - started).toFixed(3)} ms`);
  }
  /** Runs a query and prints its result. */
  async show(text: string, look: Partial<Look> = {}): Promise<void> {
    let writer: ResultWriter | undefined;
    this.running = true;
    try {
      const tag = await runQuery(this.client, text, {
        columns: (columns) => {
          writer = resultWriter(columns, { ...this.options, ...look });
        },
        page: (rows) => this.out.print((writer as ResultWriter).page(rows)),
      });
      if (writer !== undefined) await this.out.print((writer as ResultWriter).end());
      else if (this.options.format === 'table' && tag !== '') await this.out.print(`${tag}\n`);
    } finally {
      this.running = false;
    }
  }
  /** Rows of a small query over the catalog, as text. */
  async rows(text: string): Promise<readonly (readonly (string | null)[])[]> {
    const out: (readonly (string | null)[])[] = [];
    await runQuery(this.client, text, {
      columns: () => undefined,
      page: async (rows) => void out.push(...rows),
    });
    return out;
  }
}
