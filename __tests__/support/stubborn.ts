/**
 * Ignores what asks it to end, and so does a child of its in a session of its own; `pids` beside it has both
 * when both are there. With a port it answers there, so that it is a ready registry.
 */
export const STUBBORN = `
import http.server, os, signal, subprocess, sys
os.chdir(os.path.dirname(os.path.abspath(__file__)))
for name in ('SIGTERM', 'SIGINT', 'SIGHUP'):
    signal.signal(getattr(signal, name), signal.SIG_IGN)
far = subprocess.Popen(['sleep', '300'], start_new_session=True)
with open('half', 'w') as file:
    file.write(f'{os.getpid()} {far.pid}')
os.rename('half', 'pids')
if len(sys.argv) > 1:
    http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), http.server.SimpleHTTPRequestHandler).serve_forever()
signal.pause()
`
