/** A document with the text between its `<!-- generated: <name> -->` and the next `<!-- end -->` made anew. */
export function betweenMarks(document: string, name: string, text: string): string {
  const [begin, end] = [`<!-- generated: ${name} -->`, '<!-- end -->']
  const from = document.indexOf(begin)
  if (from < 0) throw new Error(`there is no mark ${begin}`)
  const to = document.indexOf(end, from)
  return `${document.slice(0, from + begin.length)}\n${text}\n${document.slice(to)}`
}
