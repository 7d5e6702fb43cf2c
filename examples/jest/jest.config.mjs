/** Run as: NODE_OPTIONS=--experimental-vm-modules npx jest */
export default {
  testEnvironment: 'node',
  globalSetup: './global-setup.mjs',
  globalTeardown: './global-teardown.mjs',
  testMatch: ['**/*.test.mjs'],
  transform: {},
};
