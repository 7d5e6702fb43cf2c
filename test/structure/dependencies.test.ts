/**
 * The dependency rule as data: which src folders a folder may import besides common. Also: no cycle between files, every
 * package declared, run-time code imports no development package. Tests may import anything (they are not shipped).
 */
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSources, report, root, targetOf, type Source } from './sources.ts';

/** Folder -> folders it may import. A folder that is not here may not exist. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  common: [],
  wasm: [],
  s3: [],
  tls: [],
  interconnect: [],
  types: ['wasm'],
  encodings: ['wasm', 'types'],
  formats: ['wasm', 'types'],
  functions: ['wasm', 'types', 'expressions'],
  wire: ['types'],
  expressions: ['wasm', 'types', 'encodings', 'functions'],
  slices: ['types', 'encodings', 'wasm'],
  steps: ['wasm', 'types', 'encodings', 'formats', 'functions', 'expressions', 'slices', 'interconnect'],
  execution: ['types', 'wasm', 'expressions', 'functions', 'slices', 'steps', 'interconnect'],
  compute: [
    'types',
    'wasm',
    'formats',
    'functions',
    's3',
    'slices',
    'steps',
    'interconnect',
    'expressions',
    'execution',
  ],
  leader: [
    'types',
    'wasm',
    'encodings',
    'formats',
    'functions',
    's3',
    'expressions',
    'slices',
    'steps',
    'interconnect',
    'execution',
  ],
  http: ['s3'],
  aws: [],
  console: [],
};
/** What the leader may take from slices: the shapes it speaks about, as types. */
const LEADER_FROM_SLICES = 'src/slices/storage.ts';

const isTest = (path: string): boolean =>
  /\.test\.ts$|\.test-support\.ts$|\/testing\/|\/(fixture|test-[a-z-]+|[a-z-]+-fake|fake-[a-z-]+|[a-z-]+-bench)\.ts$/.test(
    path,
  );
const folderOf = (path: string): string => (path.split('/').length > 2 ? (path.split('/')[1] as string) : '');

const sources = readSources(['src']);
const shipped = sources.filter((s) => !isTest(s.path) && !s.path.startsWith('src/wasm/runtime/'));

function forbidden(source: Source): string[] {
  const from = folderOf(source.path);
  if (from === '') return [];
  return source.imports.flatMap((i) => {
    const target = targetOf(source, i.from);
    if (target === undefined || !target.startsWith('src/')) return [];
    const to = folderOf(target);
    const where = `${source.path}:${i.line} imports ${target}`;
    if (to === from || to === 'common') return [];
    if (!ALLOWED[from]?.includes(to)) return [where];
    if (from === 'leader' && to === 'slices' && (target !== LEADER_FROM_SLICES || !i.typeOnly)) {
      return [`${where} (only types of ${LEADER_FROM_SLICES})`];
    }
    return [];
  });
}

/**
 * Import cycles between files: strongly connected components of more than one file. Type imports do not run. Files of one
 * folder may call each other (a query holds expressions, an expression holds queries), folders may not.
 */
function cycles(files: readonly Source[]): string[] {
  const edges = new Map(
    files.map((s) => [
      s.path,
      s.imports
        .filter((i) => !i.typeOnly)
        .map((i) => targetOf(s, i.from))
        .filter((t) => t !== undefined),
    ]),
  );
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[] = [];
  const visit = (path: string): void => {
    index.set(path, index.size);
    low.set(path, index.get(path) as number);
    stack.push(path);
    for (const next of edges.get(path) ?? []) {
      if (!edges.has(next)) continue;
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(path, Math.min(low.get(path) as number, low.get(next) as number));
    }
    if (low.get(path) !== index.get(path)) return;
    const component = stack.splice(stack.indexOf(path));
    if (new Set(component.map((f) => dirname(f))).size > 1) found.push(component.sort().join(' <-> '));
  };
  for (const path of edges.keys()) if (!index.has(path)) visit(path);
  return found;
}

describe('dependency rule', () => {
  test('every src folder is in the table', () => {
    const unknown = new Set(sources.map((s) => folderOf(s.path)).filter((f) => f !== '' && ALLOWED[f] === undefined));
    expect([...unknown]).toEqual([]);
  });

  test('the table itself has no cycle', () => {
    const seen = new Map<string, boolean>();
    const acyclic = (folder: string, path: readonly string[]): void => {
      // functions' definitions name bound expressions as types, expressions compile calls: the one pair that knows each other
      if (path.includes(folder) && !['functions', 'expressions'].includes(folder))
        expect.fail(`${[...path, folder].join(' -> ')}`);
      if (path.includes(folder) || seen.get(folder)) return;
      for (const next of ALLOWED[folder] ?? []) acyclic(next, [...path, folder]);
      seen.set(folder, true);
    };
    for (const folder of Object.keys(ALLOWED)) acyclic(folder, []);
  });

  test('folders import only what the table allows', () => {
    expect(report('forbidden imports', shipped.flatMap(forbidden))).toBe('');
  });

  test('no import cycle between files', () => {
    expect(report('import cycles', cycles(shipped))).toBe('');
  });

  test('shipped code does not import tests or their fixtures', () => {
    const wrong = shipped.flatMap((s) =>
      s.imports.flatMap((i) => {
        const target = targetOf(s, i.from);
        return target !== undefined && (isTest(target) || !target.startsWith('src/'))
          ? [`${s.path}:${i.line} imports ${target}`]
          : [];
      }),
    );
    expect(report('test code in shipped code', wrong)).toBe('');
  });
});

describe('packages', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
    string,
    Record<string, string> | undefined
  >;
  const packageOf = (from: string): string =>
    from
      .split('/')
      .slice(0, from.startsWith('@') ? 2 : 1)
      .join('/');
  const packages = (files: readonly Source[]): string[][] =>
    files.flatMap((s) =>
      s.imports
        .filter((i) => !i.from.startsWith('.') && !i.from.startsWith('node:') && !builtinModules.includes(i.from))
        .map((i) => [packageOf(i.from), `${s.path}:${i.line} imports ${i.from}`]),
    );

  test('shipped code imports declared run-time packages only', () => {
    const wrong = packages(shipped).filter(([name]) => manifest['dependencies']?.[name as string] === undefined);
    expect(
      report(
        'undeclared packages',
        wrong.map((w) => w[1] as string),
      ),
    ).toBe('');
  });

  test('tests and tools import declared packages only', () => {
    const others = [...sources.filter((s) => isTest(s.path)), ...readSources(['test', 'tools'])];
    const declared = { ...manifest['dependencies'], ...manifest['devDependencies'] };
    const wrong = packages(others).filter(([name]) => declared[name as string] === undefined);
    expect(
      report(
        'undeclared packages',
        wrong.map((w) => w[1] as string),
      ),
    ).toBe('');
  });

  test('every run-time package is used', () => {
    const used = new Set(packages(shipped).map(([name]) => name));
    const text = shipped.map((s) => s.text).join('\n');
    const unused = Object.keys(manifest['dependencies'] ?? {}).filter((d) => !used.has(d) && !text.includes(`'${d}`));
    expect(unused).toEqual([]);
  });

  test('the lock file names no registry', () => {
    expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved":\s*"https?:/);
  });
});
