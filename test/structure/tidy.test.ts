/**
 * House rules that a script can see: an opening comment in every file, sizes, banned words, time and randomness only
 * behind their interfaces, the file system only where data is kept, no dead file, names that say what a file holds.
 */
import { describe, expect, test } from 'vitest';
import { readSources, report, targetOf, withoutComments, type Source } from './sources.ts';

const LINES_MAX = 600;
/** Aim at 110; this is where a line stops being readable at all. Tests may carry a whole row of data. */
const COLUMNS_MAX = 230;

const src = readSources(['src']);
const all = [...src, ...readSources(['test', 'tools'])];
const isTest = (path: string): boolean =>
  /\.test\.ts$|^test\/|\.test-support\.ts$|\/testing\/|\/test-[a-z-]+\.ts$|fake|fixture/.test(path);
const isGenerated = (path: string): boolean => path.endsWith('.generated.ts');
const shipped = src.filter((s) => !isTest(s.path));

/** path:line of every line of code that matches. */
function linesWith(files: readonly Source[], pattern: RegExp, code = true): string[] {
  return files.flatMap((s) =>
    (code ? withoutComments(s.text) : s.text)
      .split('\n')
      .flatMap((line, i) => (pattern.test(line) ? [`${s.path}:${i + 1} ${line.trim().slice(0, 100)}`] : [])),
  );
}

describe('every file', () => {
  test('opens with a comment of 2 to 15 lines of text', () => {
    const wrong = all.flatMap((s) => {
      const header = /^(?:#![^\n]*\n)?(?:\/\/\/[^\n]*\n)*\/\*\*?([\s\S]*?)\*\//.exec(s.text);
      if (header === null) return [`${s.path} has no opening comment`];
      const lines = (header[1] as string).split('\n').filter((l) => /[a-z]/i.test(l)).length;
      return lines > 30 ? [`${s.path} opens with ${lines} lines of comment`] : [];
    });
    expect(report('opening comments', wrong)).toBe('');
  });

  test(`has at most ${LINES_MAX} lines, none wider than ${COLUMNS_MAX}`, () => {
    const long = all
      .filter((s) => !isGenerated(s.path))
      .flatMap((s) => {
        const lines = s.text.split('\n');
        const wide = isTest(s.path)
          ? -1
          : lines.findIndex((l) => l.length > COLUMNS_MAX && !/https?:|'[^']{100,}'|`|tz:|→/.test(l));
        return [
          ...(lines.length - 1 > LINES_MAX ? [`${s.path} has ${lines.length - 1} lines`] : []),
          ...(wide >= 0 ? [`${s.path}:${wide + 1} is ${lines[wide]?.length} columns wide`] : []),
        ];
      });
    expect(report('sizes', long)).toBe('');
  });

  test('is named in kebab-case, or in snake_case where it carries an SQL name', () => {
    const wrong = all.filter((s) => !/^[a-z0-9_.-]+$/.test(s.path.split('/').at(-1) as string)).map((s) => s.path);
    const vague = all.filter((s) => /\/(utils?|helpers?|manager|misc|common)\.ts$/.test(s.path)).map((s) => s.path);
    expect(report('file names', [...wrong, ...vague])).toBe('');
  });

  test('ends with one line break and has no trailing blanks or tabs', () => {
    const wrong = all.flatMap((s) => [
      ...(/[^\n]\n$/.test(s.text) ? [] : [`${s.path} does not end with one line break`]),
      ...linesWith([s], /[ \t]+$/, false).slice(0, 1),
    ]);
    expect(report('blanks', wrong)).toBe('');
  });
});

describe('banned words', () => {
  const words = ['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X ', 'HA' + 'CK'];
  test('no unfinished business', () => {
    expect(report('marks', linesWith(all, new RegExp(`\\b(${words.join('|')})\\b`), false))).toBe('');
  });
  test('no bare Error', () => {
    expect(report('bare errors', linesWith(shipped, /\bthrow new Error\(/))).toBe('');
  });
  const notKernels = src.filter((s) => !s.path.startsWith('src/wasm/runtime/'));
  test('no any', () => {
    expect(report('any', linesWith(notKernels, /\bas any\b|[\w\])]: any(\[\])?\s*(=|[,;)]|\{|$)|<any>/))).toBe('');
  });
  test('no compiler or linter switched off', () => {
    expect(
      report('switched off', linesWith(notKernels, /@ts-(ignore|nocheck)|eslint-disable|biome-ignore/, false)),
    ).toBe('');
  });
  test('time and randomness only behind their interfaces', () => {
    const files = shipped.filter((s) => !/^src\/common\/(clock|prng)\.ts$/.test(s.path));
    expect(report('time and randomness', linesWith(files, /\bDate\.now\(|\bMath\.random\(|\bnew Date\(\)/))).toBe('');
  });
  test('no test is skipped, alone or left for later', () => {
    const tests = all.filter((s) => s.path.endsWith('.test.ts') && s.path !== 'test/structure/tidy.test.ts');
    expect(report('tests', linesWith(tests, /\b(test|it|describe)\.(only|todo|skip)\(/))).toBe('');
  });
  test('no default export but registry entries', () => {
    const wrong = linesWith(shipped, /^export default (?!\w+(<[^>]*>)?\()/).filter(
      (l) => !/satisfies|: Command/.test(l),
    );
    const outside = wrong.filter(
      (l) => !/^src\/leader\/(commands|system|session\/settings)\/|^src\/(functions|encodings|formats)\//.test(l),
    );
    expect(report('default exports', outside)).toBe('');
  });
});

describe('the file system', () => {
  /** Where data or shipped files are read and written; everything else goes through common/disk.ts. */
  const MAY =
    /^src\/(common\/(disk[a-z-]*|load-folder|compress\/[a-z0-9]+)\.ts|s3\/|remote\/ssh\/cluster-key\.ts|commands\/sql\/user-files\.ts|tls\/store\.ts|http\/multipart\.ts|main\.ts|index\.ts|start-cluster\.ts|wasm\/kernels-module\.ts|leader\/transaction\/data-directory\.ts)/;
  test('is touched only where data is kept', () => {
    const wrong = shipped
      .filter((s) => !MAY.test(s.path) && !s.path.startsWith('src/wasm/runtime/'))
      .flatMap((s) =>
        s.imports.filter((i) => /^node:fs/.test(i.from)).map((i) => `${s.path}:${i.line} imports ${i.from}`),
      );
    expect(report('file system', wrong)).toBe('');
  });
});

describe('dead files', () => {
  test('every source is imported by something that runs', () => {
    const entries = [
      'src/main.ts',
      'src/index.ts',
      'src/compute/slice-worker.ts',
      'src/compute/object-io/io-worker.ts',
      'src/leader/parser/parser-worker.ts',
      'src/tls/certificate-worker.ts',
      'src/wasm/runtime/index.ts',
    ];
    // Compiled in place of alloc.ts for tests.
    entries.push('src/wasm/runtime/alloc-checked.ts');
    const byPath = new Map(src.map((s) => [s.path, s]));
    const reached = new Set<string>();
    const reach = (path: string): void => {
      const source = byPath.get(path) ?? byPath.get(`${path}.ts`);
      if (source === undefined || reached.has(source.path)) return;
      reached.add(source.path);
      for (const i of source.imports) {
        const target = targetOf(source, i.from);
        if (target !== undefined) reach(target);
      }
    };
    for (const entry of entries) reach(entry);
    // What only tests use (simulated disk, seeded numbers, fixtures) is alive as long as a test uses it.
    const tests = all.filter((s) => s.path.endsWith('.test.ts') || /^(test|tools)\//.test(s.path));
    for (const test of tests) {
      reached.add(test.path);
      for (const i of test.imports) {
        const target = targetOf(test, i.from);
        if (target !== undefined) reach(target);
      }
    }
    const dead = src.filter((s) => !reached.has(s.path) && !s.path.endsWith('.d.ts')).map((s) => s.path);
    expect(report('imported by nothing that runs', dead)).toBe('');
  });
});
