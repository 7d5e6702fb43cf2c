/**
 * The dependency rule as data: which src folders a folder may import besides common, and which folders of the leader a
 * folder of the leader may. Also: no cycle between files, every package declared, run-time code imports no development
 * package. Tests may import anything (they are not shipped).
 */
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSources, report, root, targetOf, type Source } from './sources.ts';

/** Folder -> folders it may import. A folder that is not here may not exist. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  common: [],
  wasm: [],
  s3: ['wasm'],
  remote: ['s3'],
  tls: [],
  interconnect: [],
  types: ['wasm'],
  encodings: ['wasm', 'types'],
  formats: ['wasm', 'types'],
  functions: ['wasm', 'types', 'expressions'],
  spatial: ['types'],
  wire: ['types'],
  expressions: ['wasm', 'types', 'encodings', 'functions'],
  slices: ['types', 'encodings', 'wasm'],
  steps: ['wasm', 'types', 'encodings', 'formats', 'functions', 'expressions', 'slices', 'interconnect'],
  execution: ['types', 'wasm', 'expressions', 'functions', 'spatial', 'slices', 'steps', 'interconnect'],
  compute: [
    'types',
    'wasm',
    'formats',
    'functions',
    's3',
    'remote',
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
    'remote',
    'expressions',
    'slices',
    'steps',
    'interconnect',
    'execution',
  ],
  client: ['types'],
  http: ['s3', 'client'],
  commands: ['s3', 'remote'],
  aws: [],
  console: [],
};
/**
 * Folder of the leader -> folders of the leader it may import, as values or as types. What a folder asks of one above it
 * stands in an interface of its own. The files directly in leader/ compose these: they may import all, none imports them.
 */
const LEADER_ALLOWED: Readonly<Record<string, readonly string[]>> = {
  parser: [],
  plan: [],
  rewriter: [],
  history: [],
  catalog: ['parser'],
  analyser: ['parser', 'catalog'],
  optimizer: ['plan', 'catalog'],
  compiler: ['plan', 'catalog'],
  transaction: ['history', 'catalog'],
  scheduler: ['history', 'compiler', 'transaction'],
  session: ['parser', 'history', 'catalog', 'transaction'],
  system: ['history', 'catalog', 'analyser', 'transaction', 'scheduler', 'session'],
  ddl: ['parser', 'catalog', 'transaction', 'session'],
  procedures: ['parser', 'history', 'catalog', 'analyser', 'session'],
  statement: [
    'parser',
    'plan',
    'rewriter',
    'history',
    'catalog',
    'analyser',
    'optimizer',
    'compiler',
    'transaction',
    'scheduler',
    'session',
    'system',
    'ddl',
  ],
  commands: ['parser', 'history', 'catalog', 'transaction', 'session', 'ddl', 'statement', 'procedures'],
  copy: ['parser', 'history', 'catalog', 'analyser', 'compiler', 'transaction', 'session', 'ddl', 'statement'],
  unload: ['parser', 'rewriter', 'history', 'analyser', 'transaction', 'statement', 'copy'],
};
/** Files that call each other in a circle, all in one folder, and why they must. */
const CIRCLES: readonly { readonly files: readonly string[]; readonly because: string }[] = [
  {
    files: [
      'arrays',
      'connect-by',
      'expression',
      'from-unnest',
      'from',
      'in-list',
      'query',
      'recursion',
      'select',
      'subquery',
    ].map((f) => `src/leader/analyser/${f}.ts`),
    because: 'a query holds expressions and an expression holds queries: the analyser descends as the grammar does',
  },
];
/** What the leader may take from slices: the shapes it speaks about, as types. */
const LEADER_FROM_SLICES = 'src/slices/storage.ts';

const isTest = (path: string): boolean =>
  /\.test\.ts$|\.test-support\.ts$|\/testing\/|\/(fixture|test-[a-z-]+|[a-z-]+-fake|fake-[a-z-]+|[a-z-]+-bench)\.ts$/.test(
    path,
  );
const folderOf = (path: string): string => (path.split('/').length > 2 ? (path.split('/')[1] as string) : '');

const sources = readSources(['src']);
const shipped = sources.filter((s) => !isTest(s.path) && !s.path.startsWith('src/wasm/runtime/'));

/** The leader's folder a file stands in; '' for those directly in leader/ and for all other files. */
const leaderFolderOf = (path: string): string => {
  const [, top, folder, file] = path.split('/');
  return top === 'leader' && file !== undefined ? (folder as string) : '';
};

function forbiddenInLeader(source: Source): string[] {
  const from = leaderFolderOf(source.path);
  if (from === '') return [];
  return source.imports.flatMap((i) => {
    const target = targetOf(source, i.from);
    if (target === undefined || folderOf(target) !== 'leader') return [];
    const to = leaderFolderOf(target);
    return to === from || LEADER_ALLOWED[from]?.includes(to) ? [] : [`${source.path}:${i.line} imports ${target}`];
  });
}

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

/** Import cycles between files: strongly connected components of more than one file. Type imports do not run. */
function cycles(files: readonly Source[]): string[][] {
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
  const found: string[][] = [];
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
    if (component.length > 1) found.push(component.sort());
  };
  for (const path of edges.keys()) if (!index.has(path)) visit(path);
  return found;
}

describe('dependency rule', () => {
  test('every src folder is in the table', () => {
    const unknown = new Set(sources.map((s) => folderOf(s.path)).filter((f) => f !== '' && ALLOWED[f] === undefined));
    expect([...unknown]).toEqual([]);
  });

  test("every folder of the leader is in the leader's table", () => {
    const folders = new Set(shipped.map((s) => leaderFolderOf(s.path)).filter((f) => f !== ''));
    expect([...folders].sort()).toEqual(Object.keys(LEADER_ALLOWED).sort());
  });

  test('the tables themselves have no cycle', () => {
    // functions' definitions name bound expressions as types, expressions compile calls: the one pair that knows each other
    const pair: readonly string[] = ['functions', 'expressions'];
    for (const table of [ALLOWED, LEADER_ALLOWED]) {
      const seen = new Set<string>();
      const visit = (folder: string, path: readonly string[]): void => {
        if (path.includes(folder) && !pair.includes(folder)) expect.fail([...path, folder].join(' -> '));
        if (path.includes(folder) || seen.has(folder)) return;
        for (const next of table[folder] ?? []) visit(next, [...path, folder]);
        seen.add(folder);
      };
      for (const folder of Object.keys(table)) visit(folder, []);
    }
  });

  test('folders import only what the table allows', () => {
    expect(report('forbidden imports', shipped.flatMap(forbidden))).toBe('');
    expect(report('forbidden imports inside the leader', shipped.flatMap(forbiddenInLeader))).toBe('');
  });

  test('no import cycle between files', () => {
    const found = cycles(shipped).map((c) => c.join(' <-> '));
    const known = CIRCLES.map((c) => c.files.join(' <-> '));
    const unknown = found.filter((c) => !known.includes(c));
    expect(report('import cycles', unknown)).toBe('');
    const gone = known.filter((c) => !found.includes(c));
    expect(report('known import cycles that are none', gone)).toBe('');
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
