/**
 * The settings of one session. Layers, innermost first: SET LOCAL (until the transaction ends), SET (kept when the
 * transaction commits, undone when it rolls back), the session's defaults (start-up parameters, where RESET leads), the
 * definitions' defaults. Names are canonical (`canonicalName`); two-part names are custom variables. Used by session.ts.
 */
import { parameterReadOnly, undefinedParameter } from '../../common/errors/catalogue.ts';
import { entropySeed, SeedSequence } from '../../common/random-stream.ts';
import type { SettingDefinition } from './settings/define.ts';
import { UNSET_SEED } from './settings/seed.ts';
import { ENTRIES } from './settings/registry.generated.ts';

const DEFINITIONS: ReadonlyMap<string, SettingDefinition> = new Map(ENTRIES.map((e) => [e.name, e]));

const ALIASES: Readonly<Record<string, string>> = {
  time_zone: 'timezone',
  names: 'client_encoding',
  transaction_isolation_level: 'transaction_isolation',
  session_session_authorization: 'session_authorization',
};
const CUSTOM_NAME = /^[a-z_][a-z0-9_$]*\.[a-z_][a-z0-9_$]*$/;

export function canonicalName(name: string): string {
  const folded = name.trim().toLowerCase().replace(/\s+/g, '_');
  return ALIASES[folded] ?? folded;
}

const SEED = 'seed';
/** The statements' seeds that follow one SET seed; without a seed every statement has one of its own. */
function seedsAfter(value: string): () => bigint {
  if (value === UNSET_SEED) return entropySeed;
  const sequence = new SeedSequence(Number(value));
  return () => sequence.next();
}

export const settingDefinitions = (): readonly SettingDefinition[] => ENTRIES;

export class SettingsStore {
  private readonly defaults = new Map<string, string>();
  private session = new Map<string, string>();
  private saved: ReadonlyMap<string, string> | undefined;
  private readonly local = new Map<string, string>();
  private dirty = true;
  private readonly reported = new Map<string, string>();
  private seeds: { readonly of: string; next(): bigint } | undefined;

  /**
   * Fixes the session's default for a parameter given at start-up. Names that are no settings are passed over (drivers
   * send some); a value that SET would refuse refuses the connection.
   */
  startup(name: string, value: string): void {
    const key = canonicalName(name);
    const definition = DEFINITIONS.get(key);
    if (definition === undefined || definition.readOnly === true || definition.fromServer === true) return;
    this.defaults.set(key, definition.validate([value], key));
  }
  /** A value the server decides (is_superuser, session_authorization, transaction_isolation). */
  fix(name: string, value: string): void {
    if (this.defaults.get(name) === value) return;
    this.defaults.set(name, value);
    this.dirty = true;
  }

  get(name: string): string {
    const value = this.find(canonicalName(name));
    if (value === undefined) throw undefinedParameter(name);
    return value;
  }
  private find(key: string): string | undefined {
    return this.local.get(key) ?? this.session.get(key) ?? this.defaults.get(key) ?? DEFINITIONS.get(key)?.default;
  }

  set(name: string, values: readonly string[], local: boolean): void {
    const key = canonicalName(name);
    const definition = DEFINITIONS.get(key);
    if (definition === undefined && !CUSTOM_NAME.test(key)) throw undefinedParameter(name);
    if (definition?.readOnly === true) throw parameterReadOnly(key);
    const value = definition === undefined ? values.join(', ') : definition.validate(values, key, this.get(key));
    if (definition?.fromServer !== true) this.write(key, value, local);
  }
  /** What whoever just set it should be told about the value, if anything. */
  remark(name: string): string | undefined {
    return DEFINITIONS.get(canonicalName(name))?.remark?.(this.get(name));
  }
  reset(name: string, local = false): void {
    const key = canonicalName(name);
    const definition = DEFINITIONS.get(key);
    if (definition === undefined && !this.session.has(key)) throw undefinedParameter(name);
    if (definition?.readOnly === true || definition?.fromServer === true) return;
    if (definition === undefined) this.write(key, undefined, false);
    else this.write(key, this.defaults.get(key) ?? definition.default, local);
  }
  resetAll(): void {
    this.saved ??= new Map(this.session);
    const kept = (map: ReadonlyMap<string, string>): [string, string][] =>
      [...map].filter(([key]) => DEFINITIONS.get(key)?.keptByResetAll === true);
    const local = kept(this.local);
    this.session = new Map(kept(this.session));
    this.local.clear();
    for (const [key, value] of local) this.local.set(key, value);
    this.dirty = true;
  }
  private write(key: string, value: string | undefined, local: boolean): void {
    this.dirty = true;
    if (key === SEED) this.seeds = undefined;
    if (local && value !== undefined) {
      this.local.set(key, value);
      return;
    }
    this.saved ??= new Map(this.session);
    this.local.delete(key);
    if (value === undefined) this.session.delete(key);
    else this.session.set(key, value);
  }

  /** The transaction (or lone statement) ended. */
  end(committed: boolean): void {
    if (!committed && this.saved !== undefined) this.session = new Map(this.saved);
    if (this.saved !== undefined || this.local.size > 0) this.dirty = true;
    this.saved = undefined;
    this.local.clear();
  }

  /** Seed of the next statement's random numbers: repeatable after SET seed. */
  nextRandomSeed(): bigint {
    const value = this.get(SEED);
    if (value !== this.seeds?.of) this.seeds = { of: value, next: seedsAfter(value) };
    return this.seeds.next();
  }

  /** SHOW ALL: definitions and custom variables by name. */
  all(): readonly (readonly [string, string])[] {
    const names = new Set([...DEFINITIONS.keys(), ...this.session.keys()]);
    return [...names].sort().map((n) => [n, this.find(n) ?? ''] as const);
  }

  /** Current values of the reported settings; later changes are told by `changes`. */
  startReporting(): ReadonlyMap<string, string> {
    for (const definition of ENTRIES) {
      if (definition.report !== undefined) this.reported.set(definition.report, this.find(definition.name) ?? '');
    }
    this.dirty = false;
    return this.reported;
  }
  /** Reported settings whose value changed since the last call. */
  changes(): readonly (readonly [string, string])[] {
    if (!this.dirty) return [];
    this.dirty = false;
    const changed: (readonly [string, string])[] = [];
    for (const definition of ENTRIES) {
      if (definition.report === undefined) continue;
      const value = this.find(definition.name) ?? '';
      if (this.reported.get(definition.report) === value) continue;
      this.reported.set(definition.report, value);
      changed.push([definition.report, value]);
    }
    return changed;
  }
}
