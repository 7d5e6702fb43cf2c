/** A share of the .slt files under the first configuration that the seed of the run draws; left out where SLT_CONFIG asks for others. */
import { drawnConfigurations, drawnScripts } from './configurations.ts';
import { testScripts } from './scripts.ts';

const name = drawnConfigurations()[0]!;
testScripts(name, drawnScripts(name));
