/** Runs the TypeScript sources as ES modules; NODE_OPTIONS=--experimental-vm-modules is set by scripts/test.ts. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/__tests__'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
      },
    ],
  },
  testTimeout: 60_000,
  // Most tests wait for processes, servers and engines much of their time.
  maxWorkers: 2,
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  reporters: ['default', '<rootDir>/scripts/closing-line-reporter.js'],
}
