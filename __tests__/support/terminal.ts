import { type Ended, execute } from './suite.ts'

/** Starts a program in a terminal of its own, types Ctrl-C when it has shown a word, and prints all that it showed. */
const PROGRAM = `
import fcntl, os, pty, struct, sys, termios
word, file, *args = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 40, 120, 0, 0))
    os.execv(file, [file, *args])
shown = b''
typed = False
while True:
    try:
        read = os.read(terminal, 65536)
    except OSError:
        break
    if not read:
        break
    shown += read
    if not typed and word.encode() in shown:
        typed = True
        os.write(terminal, b'\\x03')
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) % 256)
`

/** Runs a program in a terminal and interrupts it there as a user does, as soon as it shows a word. */
export function interruptedInTerminal(
  word: string,
  argv: readonly string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv },
): Promise<Ended> {
  const env = { ...process.env, TERM: 'xterm', CI: '', ...options.env }
  return execute('python3', ['-c', PROGRAM, word, ...argv], { ...options, env })
}
