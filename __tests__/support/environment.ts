/** Changes this process's environment until its scope ends; undefined unsets. */
export function environmentWith(changes: Readonly<Record<string, string | undefined>>): Disposable {
  const before = Object.fromEntries(Object.keys(changes).map((name) => [name, process.env[name]]))
  apply(changes)
  return { [Symbol.dispose]: () => apply(before) }
}

function apply(changes: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
}
