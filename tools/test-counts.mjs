/**
 * A reporter of vitest that keeps build/test-counts.json true while tests run: how many passed, failed and were skipped so
 * far, which failed and why, and the files under way. So test.mjs can tell of a run that was ended, too.
 * A file that cannot be loaded, or fails outside its tests, counts as one failure.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const COUNTS = join(import.meta.dirname, '../build/test-counts.json');
const MESSAGE_MAX = 1000;

/** @typedef {{ passed: number, failed: number, skipped: number, failures: { name: string, message: string }[], underWay: string[] }} Counts */

/** @returns {Counts | undefined} undefined when no test ran */
export function readCounts() {
  try {
    return JSON.parse(readFileSync(COUNTS, 'utf8'));
  } catch {
    return undefined;
  }
}

export default class TestCounts {
  /** @type {Counts} */
  counts = { passed: 0, failed: 0, skipped: 0, failures: [], underWay: [] };

  write() {
    mkdirSync(dirname(COUNTS), { recursive: true });
    writeFileSync(`${COUNTS}.new`, JSON.stringify(this.counts));
    renameSync(`${COUNTS}.new`, COUNTS);
  }
  failed(/** @type {string} */ name, /** @type {readonly { message: string }[]} */ errors) {
    this.counts.failed++;
    this.counts.failures.push({ name, message: (errors[0]?.message ?? '').slice(0, MESSAGE_MAX) });
  }

  onTestRunStart() {
    this.write();
  }
  onTestModuleStart(/** @type {import('vitest/node').TestModule} */ file) {
    this.counts.underWay.push(file.relativeModuleId);
    this.write();
  }
  onTestCaseResult(/** @type {import('vitest/node').TestCase} */ test) {
    const { state, errors } = test.result();
    if (state === 'passed') this.counts.passed++;
    else if (state === 'failed') this.failed(`${test.module.relativeModuleId} > ${test.fullName}`, errors ?? []);
    else this.counts.skipped++;
    this.write();
  }
  onTestModuleEnd(/** @type {import('vitest/node').TestModule} */ file) {
    this.counts.underWay = this.counts.underWay.filter((f) => f !== file.relativeModuleId);
    const tests = [...file.children.allTests()];
    if (file.state() === 'failed' && tests.every((t) => t.result().state !== 'failed')) this.failed(file.relativeModuleId, file.errors());
    this.write();
  }
}
