import { expect, test } from '@jest/globals'
import { inRepository, localCommandIn } from '../../src/platform/local-command.ts'

test.each([
  ['/checkout', '/checkout', undefined, ''],
  ['/checkout', '/checkout', 'mesh.yml', ''],
  ['/checkout', '/checkout', './mesh.yml', ''],
  ['/checkout', '/checkout/services/mesh', undefined, ' --project services/mesh'],
  ['/checkout', '/checkout', 'ci/mesh.yml', ' --config ci/mesh.yml'],
  ['/checkout', '/elsewhere', 'other.yml', ' --project ../elsewhere --config other.yml'],
  ['/checkout', '/checkout/$HOME', undefined, " --project '$HOME'"],
])(
  'in %s a project in %s with the file %s is run with the flags "%s"',
  (workspace, directory, file, flags) => {
    const folder = inRepository(workspace, directory)
    expect(localCommandIn({ folder, file }, 'cross-compile-go')).toBe(
      `mesh-actions run cross-compile-go${flags}`,
    )
  },
)
