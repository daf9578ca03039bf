import { expect, test } from '@jest/globals'
import { loadProject } from '../../../src/project/load.ts'
import { chosenImages, placeOfCopy } from '../../../src/stages/docker-smoke/chosen.ts'
import { copyOfBinary } from '../../../src/stages/docker-smoke/copies.ts'
import { instructionsOf } from '../../../src/stages/docker-smoke/dockerfile.ts'
import { writeFiles } from '../../support/go-module.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const BUILT = { folders: ['bin'], programs: ['mcp-mesh-registry', 'cli'] }
const lineOf = (text: string) => copyOfBinary(instructionsOf(`FROM scratch\n${text}\n`), BUILT)?.line

test.each([
  [`COPY bin/mcp-mesh-registry-linux-\${TARGETARCH:-amd64} /registry`],
  ['COPY --chown=65532:65532 ./bin/ /bin/'],
  ['ADD /bin /bin'],
  ['COPY ["bin/mcp-mesh-dev-linux-amd64", "/dev"]'],
  ['COPY dist/mcp-mesh-registry /registry'],
  ['COPY dist/mcp-mesh-registry-linux-* /registry'],
  ['RUN --mount=type=bind,source=bin,target=/in cp /in/x /x'],
])('a binary is copied by %s', (instruction) => {
  expect(lineOf(instruction)).toBe(2)
})

test.each([
  ['COPY binary /binary'],
  ['COPY client/ /client/'],
  ['COPY --from=builder /app/bin/mcp-mesh-registry /registry'],
  ['COPY packages/ bin/'],
  ['COPY <<EOF bin/\nEOF'],
  ['RUN --mount=type=cache,source=bin,target=/in ls'],
  ['RUN go build -o /registry ./cmd/registry\nCOPY bin/x /x'],
])('no binary is copied by %s', (instruction) => {
  expect(lineOf(instruction)).toBeUndefined()
})

test('of the chosen images the first that copies one is told with its line, from its own build context', async () => {
  await using folder = await temporaryFolder()
  await writeFiles(folder.path, {
    'mesh.yml': JSON.stringify({
      docker: {
        images: {
          plain: { file: 'plain.Dockerfile' },
          there: { image: 'example.com/mesh:1' },
          missing: { file: 'nowhere.Dockerfile' },
          nested: { file: 'nested.Dockerfile', context: 'bin' },
          other: { file: 'other.Dockerfile', context: 'services' },
          copies: { file: 'copies.Dockerfile' },
        },
      },
    }),
    'bin/linux/.keep': '',
    'services/bin/.keep': '',
    'plain.Dockerfile': 'FROM scratch\n',
    'nested.Dockerfile': 'FROM scratch\nCOPY linux/x /x\n',
    'other.Dockerfile': 'FROM scratch\nCOPY bin/x /x\n',
    'copies.Dockerfile': '# a comment\nFROM scratch\n\nCOPY bin/x /x\n',
  })
  const project = loadProject({ directory: folder.path })
  const placeIn = (names?: readonly string[], folders = ['bin']) =>
    placeOfCopy(project, chosenImages(project, names), folders)
  expect(await placeIn()).toEqual({ file: 'copies.Dockerfile', line: 4 })
  expect(await placeIn(['plain', 'there', 'missing', 'nested', 'other'])).toBeUndefined()
  expect(await placeIn(['nested'], ['bin/linux'])).toEqual({ file: 'nested.Dockerfile', line: 2 })
  expect(await placeIn(['other'], ['services/bin'])).toEqual({ file: 'other.Dockerfile', line: 2 })
})
