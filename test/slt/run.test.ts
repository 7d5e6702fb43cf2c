/**
 * Every .slt file under test/slt and fixtures/seeds under the default configuration of test/configs; drawn-1.test.ts and
 * drawn-2.test.ts take others. SLT_FILE and SLT_CONFIG narrow it down by a part of the name, and then all of it is here;
 * SLT_CONFIG=all takes every configuration:
 * SLT_FILE=joins SLT_CONFIG=1x1 npx vitest run test/slt
 */
import { askedConfigurations, DEFAULT, scripts } from './configurations.ts';
import { testScripts } from './scripts.ts';

for (const name of askedConfigurations() ?? [DEFAULT]) testScripts(name, scripts());
