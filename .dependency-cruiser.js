/** The directions of imports, as in docs/architecture.md: actions, cli -> stages -> toolchain, mesh, project -> process, result. */
const layers = {
  result: [],
  process: ['result'],
  project: ['result'],
  report: ['result'],
  init: ['result', 'process', 'project'],
  toolchain: ['result', 'process', 'project'],
  mesh: ['result', 'process', 'project'],
  stages: ['result', 'process', 'project', 'toolchain', 'mesh'],
  platform: ['result', 'process', 'project', 'stages/context.ts'],
  actions: ['result', 'process', 'project', 'stages', 'report', 'platform'],
  cli: ['result', 'process', 'project', 'init', 'stages', 'report', 'platform', 'actions'],
}

export default {
  forbidden: [
    ...Object.entries(layers).map(([layer, allowed]) => ({
      name: `${layer}-imports`,
      comment: `src/${layer} may import ${allowed.join(', ') || 'nothing of src/'}`,
      severity: 'error',
      from: { path: `^src/${layer}/` },
      to: { path: '^src/', pathNot: [`^src/${layer}/`, ...allowed.map((one) => `^src/${one}`)] },
    })),
    {
      name: 'stages-stand-alone',
      comment: "a stage that needs another one's code shares it in a folder of its own",
      severity: 'error',
      from: { path: '^src/stages/([^/]+)/' },
      to: { path: '^src/stages/[^/]+/', pathNot: '^src/stages/$1/' },
    },
    {
      name: 'stages-know-no-actions',
      comment: 'stages are pure of GitHub Actions',
      severity: 'error',
      from: { path: '^src/(stages|toolchain|mesh|project|process|result)/' },
      to: { path: '@actions/' },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-unresolvable', severity: 'error', from: { path: '^src/' }, to: { couldNotResolve: true } },
    {
      name: 'no-tests-in-src',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(__tests__|scripts)/' },
    },
  ],
  options: {
    // Packages lie outside of the copy that scripts/check.ts hands over.
    doNotFollow: { path: ['node_modules', '^\\.\\./'] },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: {
      extensions: ['.ts', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
}
