import { posix } from 'node:path'
import picomatch from 'picomatch'

/** A word of a go:embed line: in quotes, in backquotes, or bare. */
const WORD = /"((?:[^"\\]|\\.)*)"|`([^`]*)`|(\S+)/g

/**
 * Which paths the go:embed lines of Go files take in, by pairs of a file's path and such a line of it. Of a folder it is
 * all that lies in it, also what Go would leave out there for its name: that a file too many counts does no harm.
 */
export function embeddedBy(
  directives: readonly (readonly [file: string, line: string])[],
): (path: string) => boolean {
  const patterns = directives.flatMap(([file, line]) => {
    const folder = posix.dirname(file)
    return wordsOf(line).map((pattern) => {
      const options = { dot: true, nonegate: true, nobrace: true, noextglob: true }
      const takes = picomatch([pattern, `${pattern}/**`], options)
      return { within: folder === '.' ? '' : `${folder}/`, takes: pattern === '.' ? () => true : takes }
    })
  })
  return (path) =>
    patterns.some(({ within, takes }) => path.startsWith(within) && takes(path.slice(within.length)))
}

function wordsOf(line: string): readonly string[] {
  const words = [...line.replace(/^\s*\/\/go:embed\s/, '').matchAll(WORD)]
  return words
    .map(([, quoted, raw, bare]) =>
      (quoted?.replace(/\\(.)/g, '$1') ?? raw ?? bare ?? '').replace(/^all:/, ''),
    )
    .filter((word) => word !== '')
}
