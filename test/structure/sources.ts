/**
 * Reads the project's TypeScript sources for the structure tests: paths relative to the repository, text, and every
 * import with its line. Imports are read by pattern, not by compiler: type imports count, comments do not.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';

export const root = join(import.meta.dirname, '../..');

export interface Import {
  readonly from: string;
  readonly line: number;
  readonly typeOnly: boolean;
}
export interface Source {
  /** Relative to the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

function walk(folder: string, found: string[]): string[] {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === 'oracles') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) walk(path, found);
    else if (/\.(ts|mjs)$/.test(entry.name)) found.push(path);
  }
  return found;
}

/** Comments and the insides of template literals blanked, line breaks kept. */
export function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (c) => c.replace(/[^\n]/g, ' '))
    .replace(/(^|[^:'"`\\])\/\/[^\n]*/gm, (_m, before: string) => before);
}

function importsOf(text: string): Import[] {
  const found: Import[] = [];
  const code = withoutComments(text);
  const pattern =
    /(?:^|[;\n])\s*(import|export)(\s+type)?\b(?:[^'";()=]*?\bfrom)?\s*'([^'\n]+)'|\bimport\(\s*'([^'\n]+)'\s*\)|\bnew URL\(\s*'(\.[^'\n]+\.ts)'/g;
  for (const m of code.matchAll(pattern)) {
    const from = m[3] ?? m[4] ?? m[5];
    if (from === undefined) continue;
    const line = code.slice(0, (m.index ?? 0) + m[0].length).split('\n').length;
    found.push({ from, line, typeOnly: m[2] !== undefined });
  }
  return found;
}

export function readSources(folders: readonly string[]): Source[] {
  return folders
    .flatMap((folder) => walk(join(root, folder), []))
    .sort()
    .map((file) => {
      const text = readFileSync(file, 'utf8');
      return { path: relative(root, file).replaceAll('\\', '/'), text, imports: importsOf(text) };
    });
}

/** The path an import means, or undefined for a package. */
export const targetOf = (source: Source, from: string): string | undefined =>
  from.startsWith('.') ? posix.normalize(posix.join(dirname(source.path), from)) : undefined;

/** Violations in groups, so that each owner finds his own at once. */
export function report(title: string, violations: readonly string[]): string {
  return violations.length === 0 ? '' : `${title}: ${violations.length}\n  ${[...violations].sort().join('\n  ')}`;
}
