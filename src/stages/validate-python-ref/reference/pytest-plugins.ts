/** Plugins by the options and fixtures that they are best known for. */
const PLUGINS: readonly (readonly [pattern: RegExp, plugin: string])[] = [
  [/(^|\s)(-n\b|--numprocesses|--dist\b|-p xdist)|plugin "xdist/, 'pytest-xdist'],
  [/--cov\b|--cov-/, 'pytest-cov'],
  [/--timeout\b|option: timeout/, 'pytest-timeout'],
  [/--reruns\b/, 'pytest-rerunfailures'],
  [/--benchmark-/, 'pytest-benchmark'],
  [/asyncio[_-]mode|asyncio_default/, 'pytest-asyncio'],
  [/fixture 'mocker' not found/, 'pytest-mock'],
  [/async def functions are not natively supported/, 'pytest-asyncio or anyio'],
]

/** The plugin that a message of pytest's is about, where it is one of the well-known. */
export function pluginFor(said: string): string | undefined {
  return PLUGINS.find(([pattern]) => pattern.test(said))?.[1]
}
