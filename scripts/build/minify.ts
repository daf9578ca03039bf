import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, relative, resolve } from 'node:path'
import remapping from '@jridgewell/remapping'
import { minify } from '@swc/core'

/**
 * Minifies a chunk; ncc itself does so for the entry alone. Names of functions stay, since stacks show them. The map
 * leads to src/ through ncc's map and tsc's; a chunk with none of our sources has no map, as nobody reads those.
 */
export async function minifyChunk(
  file: string,
  lib: string,
): Promise<{ code: string; map: string | undefined }> {
  const { code, map } = await minify(readFileSync(file, 'utf8'), {
    module: true,
    sourceMap: true,
    compress: { passes: 2, keep_fnames: true, keep_classnames: true },
    mangle: { keep_fnames: true, keep_classnames: true },
    format: { comments: false },
  })
  if (map === undefined) throw new Error(`${file} has no map`)
  const minified = { ...JSON.parse(map), sources: [basename(file)] }
  const whole = remapping(minified, (source, context) => {
    if (context.depth === 1) return readFileSync(`${file}.map`, 'utf8')
    const made = resolve(
      dirname(file),
      source.replace(/^(webpack:\/\/\/)?(\.\.\/)*(\.\/)?/, `${relative(dirname(file), dirname(lib))}/`),
    )
    return made.startsWith(`${lib}/`) && existsSync(`${made}.map`)
      ? readFileSync(`${made}.map`, 'utf8')
      : null
  })
  const sources = whole.sources.map((source) => /(?:^|\/)(src\/.*\.ts)$/.exec(source ?? '')?.[1] ?? null)
  if (!sources.some((source) => source !== null && !source.includes('node_modules')))
    return { code, map: undefined }
  return {
    code: `${code}\n`,
    map: JSON.stringify({ version: 3, sources, names: [], mappings: whole.mappings }),
  }
}
