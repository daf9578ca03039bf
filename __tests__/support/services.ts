import { join } from 'node:path'
import { type ServiceSpec, startService } from '../../src/process/services/index.ts'
import { answers } from '../../src/process/services/readiness.ts'
import { surroundings } from '../../src/process/services/surroundings.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** Python that answers every GET with `status` and `body` at HOST and PORT; `before` runs first. */
const SERVER = `
import http.server, json, os, signal, subprocess, sys, threading, time
HOST, PORT = '127.0.0.1', int(os.environ['PORT'])
status, body = 200, b'{"status": "healthy"}'
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args):
        pass
class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    def server_bind(self):
        # The original looks its own name up, which may take long.
        http.server.socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]
def serve(host=None, port=None, server=Server):
    server((host or HOST, port or PORT), Handler).serve_forever()
`

/** A stage's surroundings in a fresh folder, and a short way to start Python services in it. */
export async function openSurroundings(options: { readonly signal?: AbortSignal } = {}) {
  const folder = await temporaryFolder()
  const shown: string[] = []
  const shared = surroundings({
    logs: join(folder.path, 'logs'),
    signal: options.signal ?? new AbortController().signal,
    shown: (line) => shown.push(line),
  })
  return {
    ...shared,
    path: folder.path,
    shown,
    /** Starts a Python program, which may use what SERVER defines. */
    start: (script: string, changes: Partial<ServiceSpec> = {}) =>
      startService({ ...pythonService(script, folder.path), ...changes }, shared),
    async [Symbol.asyncDispose]() {
      await shared[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** A service of one Python program. */
export function pythonService(script: string, cwd: string): ServiceSpec {
  return {
    name: 'registry',
    command: ({ port }) => ({
      argv: ['python3', '-I', '-u', '-c', SERVER + script],
      cwd,
      env: { PORT: String(port) },
    }),
    port: 'free',
    readiness: answers('/health'),
    timeoutMs: 20_000,
    graceMs: 5_000,
  }
}
