import { expect, test } from '@jest/globals'
import { inRepository, localCommandIn } from '../../src/platform/local-command.ts'

test.each([
  ['/work', '/work', undefined, ''],
  ['/work', '/work', 'mesh.yml', ''],
  ['/work', '/work', './mesh.yml', ''],
  ['/work', '/work/services/mesh', undefined, ' --project services/mesh'],
  ['/work', '/work', 'ci/mesh.yml', ' --config ci/mesh.yml'],
  ['/work', '/elsewhere', 'other.yml', ' --project ../elsewhere --config other.yml'],
  ['/work', '/work/$HOME', undefined, " --project '$HOME'"],
])(
  'in %s a project in %s with the file %s is run with the flags "%s"',
  (workspace, directory, file, flags) => {
    const folder = inRepository(workspace, directory)
    expect(localCommandIn({ folder, file }, 'cross-compile-go')).toBe(
      `mesh-actions run cross-compile-go${flags}`,
    )
  },
)
