import type { Environment } from '../../../process/environment.ts'

/**
 * The proxy through which an address is reached, by the variables that Go and curl read as well: HTTPS_PROXY or
 * HTTP_PROXY, unless NO_PROXY names the host (`example.com` with all below it, `host:port`, or `*`).
 */
export function proxyFor(address: URL, environment: Environment): string | undefined {
  const read = (name: string) => environment[name.toLowerCase()] || environment[name] || undefined
  const proxy = read(address.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY')
  const excepted = (read('NO_PROXY') ?? '').split(/[\s,]+/).filter((one) => one !== '')
  if (proxy === undefined || excepted.some((one) => names(one, address))) return undefined
  return proxy.includes('://') ? proxy : `http://${proxy}`
}

function names(exception: string, { hostname, port, protocol }: URL): boolean {
  if (exception === '*') return true
  const [, host = '', only] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(exception.toLowerCase()) ?? []
  const actual = port || (protocol === 'https:' ? '443' : '80')
  return (only === undefined || only === actual) && (hostname === host || hostname.endsWith(`.${host}`))
}
