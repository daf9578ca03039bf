import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { CHECKOUT } from '../../scripts/generate/checkout.ts'
import { type ActHome, act, actHome, actLines, jobResults } from '../support/act.ts'
import { describeWith } from '../support/needs.ts'
import { commitAll, copySample, plant } from '../support/sample.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const SLOW = 10 * 60_000

/** Code of the project that tries everything a step could be forged with: by name, by search, by its output. */
const FORGER = `
echo "environment: $(env | grep -cE '^(ACTIONS_|INPUT_|STATE_|GITHUB_(OUTPUT|ENV|PATH|STATE|STEP_SUMMARY)=)')"
tried=0
for file in $(find "$GITHUB_WORKSPACE/.." -maxdepth 3 -name '*.txt' -path '*workflow*' 2>/dev/null) "$GITHUB_OUTPUT" "$GITHUB_PATH"; do
  [ -n "$file" ] || continue
  echo "verdict=forged" >> "$file"
  echo "/forged/path" >> "$file"
  tried=$((tried + 1))
done
echo "files tried: $tried"
echo "::set-output name=verdict::forged"
echo "  ::add-path::/forged/path"
printf 'x\\r::set-env name=FORGED::forged\\n'
echo "##[set-output name=verdict;]forged" >&2
`

const WORKFLOW = `
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: ${CHECKOUT}
      - id: build
        uses: org/mesh-actions/actions/cross-compile-go@v1
        with:
          platforms: linux/amd64
      - if: always()
        env:
          VERDICT: \${{ steps.build.outputs.verdict }}
        run: |
          echo "after: verdict=$VERDICT FORGED=\${FORGED-unset}"
          echo "path: $PATH"
`

const folder = await temporaryFolder()

describeWith(['go'])('a step of the suite', () => {
  let home: ActHome
  beforeAll(() => {
    home = actHome(folder.path)
  }, SLOW)
  afterAll(() => folder[Symbol.asyncDispose]())

  test(
    'code of the project can forge neither an output, nor PATH, nor a variable of the steps that follow',
    async () => {
      const project = join(folder.path, 'project')
      copySample(project)
      plant(project, 'forge.sh', FORGER)
      plant(project, 'mesh.yml', 'before: [[sh, forge.sh]]\n')
      plant(project, '.github/workflows/ci.yml', WORKFLOW)
      commitAll(project)

      const ended = await act(home, project, { workflow: '.github/workflows/ci.yml' })
      const said = actLines(ended)
        .map((line) => line.msg.trimEnd())
        .join('\n')

      // The attempts were made, and seen in the log as text.
      expect(said).toContain('  | environment: 0')
      expect(said).toMatch(/ {2}\| files tried: [1-9]/)
      expect(said).toContain('  | ::set-output name=verdict::forged')
      expect(said).toContain('  | ## [set-output name=verdict;]forged')
      // Nothing came of them.
      expect(jobResults(ended)).toEqual({ build: 'success' })
      expect(said).toMatch(/^after: verdict=pass FORGED=unset$/m)
      expect(said).not.toMatch(/^path: .*forged/m)
    },
    SLOW,
  )
})
