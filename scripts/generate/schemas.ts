import { z } from 'zod'
import { meshSchema } from '../../src/project/schema.ts'
import { stageResultSchema } from '../../src/result/stage-result.ts'
import { manifestSchema } from '../../src/stages/cross-compile-go/manifest.ts'

/** The JSON Schema of mesh.yml, as a person writes it. */
export function meshJsonSchema() {
  return z.toJSONSchema(meshSchema({ refusePath: () => undefined }), { io: 'input' })
}

/** The JSON Schemas by their path. */
export function schemas(): Record<string, string> {
  return {
    'schema/mesh.schema.json': text(meshJsonSchema()),
    'schema/stage-result.schema.json': text(z.toJSONSchema(stageResultSchema)),
    'schema/binaries.schema.json': text(z.toJSONSchema(manifestSchema)),
  }
}

function text(schema: object): string {
  return `${JSON.stringify(schema, null, 2)}\n`
}
