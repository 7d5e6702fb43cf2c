/**
 * A container for tests: npm install --save-dev testcontainers pg, and the image of ../docker.
 */
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { GenericContainer, Wait, type StartedTestContainer } from 'testcontainers';
import { afterAll, beforeAll, expect, test } from 'vitest';

const PASSWORD = 'Secret1234';
let container: StartedTestContainer;
let client: pg.Client;

beforeAll(async () => {
  container = await new GenericContainer(process.env['SLICEHOUSE_IMAGE'] ?? 'slicehouse')
    .withExposedPorts(5439, 5440)
    .withEnvironment({ SLICEHOUSE_PASSWORD: PASSWORD, SLICEHOUSE_INIT: '/init' })
    .withCopyDirectoriesToContainer([
      { source: fileURLToPath(new URL('../fixtures', import.meta.url)), target: '/init' },
    ])
    .withWaitStrategy(Wait.forHttp('/health', 5440).forStatusCode(200))
    .start();
  client = new pg.Client({
    host: container.getHost(),
    port: container.getMappedPort(5439),
    user: 'awsuser',
    password: PASSWORD,
    database: 'dev',
  });
  await client.connect();
}, 120_000);
afterAll(async () => {
  await client.end();
  await container.stop();
});

test('orders', async () => {
  expect((await client.query('select count(*)::int as n from orders')).rows).toEqual([{ n: 3 }]);
});
