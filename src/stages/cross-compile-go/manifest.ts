import { z } from 'zod'

/** The file beside the binaries that says what they are; later stages and jobs trust nothing else. */
export const MANIFEST = 'binaries.json'
export const CHECKSUMS = 'SHA256SUMS'
export const BILL_OF_MATERIALS = 'sbom.cdx.json'

const moduleSchema = z.object({
  path: z.string(),
  version: z.string(),
  sum: z.string().optional().describe('Hash as in go.sum'),
})

const binarySchema = z.object({
  command: z.string().describe('Name in go.commands: registry, cli'),
  path: z.string().describe('Relative to this file, with forward slashes'),
  platform: z.string().describe('GOOS/GOARCH'),
  sizeBytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  previousSizeBytes: z.number().int().optional().describe('Size in the manifest given as previous'),
  goVersion: z.string().describe('As the binary says: go1.26.1'),
  package: z.string().describe('Import path of its main package'),
  modules: z.array(moduleSchema).describe('The modules linked in, as the binary lists them'),
})

export const manifestSchema = z
  .object({
    schema: z.literal(1),
    commit: z.string().describe('Full SHA of the commit they were built from, or unknown'),
    sources: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional()
      .describe(
        'Hash over the Go sources that they were built from, committed or not; missing outside of git',
      ),
    version: z.string().optional().describe('The version stamped in'),
    binaries: z.array(binarySchema),
  })
  .describe('binaries.json: what cross-compile-go built')

export type Module = Readonly<z.infer<typeof moduleSchema>>
export type Binary = Readonly<z.infer<typeof binarySchema>>
export type Manifest = Readonly<z.infer<typeof manifestSchema>>
