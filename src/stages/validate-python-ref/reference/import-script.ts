import { IMPORT_ATTEMPT_SCRIPT } from './import-attempt-script.ts'

/**
 * Imports modules, each in an interpreter that has imported no other module of the project:
 * `python -I SCRIPT REQUEST ANSWER`, both files of JSON.
 *
 * A process for each module would import the third-party modules as often. So those are imported once, before, and each
 * module gets a fork of that process. What fails there is tried again in a process that is fresh in every respect, and
 * only what fails there too is told: a fork is no reason to be red. Where what was imported before has started threads,
 * which no fork survives, it starts over without.
 */
export const IMPORT_SCRIPT = String.raw`${IMPORT_ATTEMPT_SCRIPT}
MOST_HANGING = 3
MOST_CAUSES = 2
KEPT_OUTPUT = 20_000


def shadows():
    """Names of the standard library that a file in the project's folder takes, by name."""
    found = {}
    for entry in os.listdir(REQUEST["directory"]):
        path = os.path.join(REQUEST["directory"], entry)
        name = entry[:-3] if entry.endswith(".py") else entry
        if name in STANDARD and (entry.endswith(".py") or os.path.isfile(os.path.join(path, "__init__.py"))):
            found[name] = path if entry.endswith(".py") else os.path.join(path, "__init__.py")
    return found


def unconditional(tree):
    for node in tree:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
        elif isinstance(node, (ast.ClassDef, ast.With)):
            yield from unconditional(node.body)


def third_party():
    """What the modules import at once, and neither the project nor Python brings."""
    found = set()
    for job in REQUEST["jobs"]:
        try:
            with open(job["file"], "rb") as file:
                found.update(unconditional(ast.parse(file.read()).body))
        except (OSError, SyntaxError, ValueError):
            pass
    in_project = {entry.partition(".")[0] for entry in os.listdir(REQUEST["directory"])}
    taken = set(REQUEST["own"]) | set(STANDARD) | in_project
    return sorted(name for name in found if name.partition(".")[0] not in taken)


def preload():
    """Whether what was imported leaves a process that can be forked."""
    signal.setitimer(signal.ITIMER_REAL, REQUEST["limit"])
    for name in third_party():
        try:
            importlib.import_module(name)
        except BaseException:
            pass
    signal.setitimer(signal.ITIMER_REAL, 0)
    tasks = len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 1
    is_clean = not any(name.partition(".")[0] in REQUEST["own"] for name in sys.modules)
    return is_clean and max(threading.active_count(), tasks) == 1


class Fork:
    def __init__(self, job):
        self.pid = os.fork()
        if self.pid == 0:
            try:
                output = os.open(job["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
                os.dup2(output, 1)
                os.dup2(output, 2)
                attempt(job)
            finally:
                os._exit(0)

    def poll(self):
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid == 0:
            return None
        return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)


class Fresh:
    def __init__(self, job):
        with open(job["result"] + ".job", "w", encoding="utf-8") as file:
            json.dump(job, file)
        argv = [sys.executable, "-I", __file__, request_file, "--one", job["result"] + ".job"]
        with open(job["output"], "wb") as output:
            self.process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        self.poll, self.kill = self.process.poll, self.process.kill


def text_of(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(KEPT_OUTPUT)
    except FileNotFoundError:
        return ""


def outcome(job, code, is_hung):
    output = text_of(job["output"])
    try:
        with open(job["result"], encoding="utf-8") as file:
            result = json.load(file)
    except (FileNotFoundError, ValueError):
        # Both end with a stack, the last call first.
        frames = re.findall(r'^  File "(.+?)", line (\d+)', output, re.M)
        own = [(file, int(line)) for file, line in frames if own_frame(os.path.realpath(file))]
        place = {"file": own[0][0], "line": own[0][1]} if own else {}
        output = re.split(r"^(?:Timeout \(|Fatal Python error|Thread 0x|Current thread )", output, flags=re.M)[0]
        said = "" if is_hung else "exit code %d" % code if code >= 0 else "ended by " + signal.Signals(-code).name
        result = {"status": "hung" if is_hung else "died", "said": said, "trace": text_of(job["output"]), **place}
    finally:
        for path in (job["result"], job["output"], job["result"] + ".job"):
            if os.path.exists(path):
                os.unlink(path)
    return {"warnings": [], "threads": [], **result, "output": output.strip(), "name": job["name"], "key": job["key"]}


def side_by_side(jobs, kind):
    """The outcome of each job, in their order; those that were not tried after too many that hang have none."""
    waiting, running, done = list(jobs), [], {}
    while waiting or running:
        hanging = sum(one["status"] == "hung" for one in done.values())
        if hanging >= MOST_HANGING:
            waiting.clear()
        while waiting and len(running) < max(2, os.cpu_count() or 1):
            job = waiting.pop(0)
            running.append((job, kind(job), time.monotonic() + REQUEST["limit"]))
        for entry in list(running):
            job, process, deadline = entry
            code = process.poll()
            if code is None and time.monotonic() > deadline:
                process.kill()
                while process.poll() is None:
                    time.sleep(0.002)
                done[job["result"]] = outcome(job, 0, True)
                running.remove(entry)
            elif code is not None:
                done[job["result"]] = outcome(job, code, False)
                running.remove(entry)
        time.sleep(0.001)
    return [done.get(job["result"]) for job in jobs]


def confirmed(jobs, results):
    """Tries what failed again in a fresh process: some of each check, and all of it where those are well."""
    final = {job["result"]: result for job, result in zip(jobs, results)}
    failed, some = {}, []
    for job, result in zip(jobs, results):
        if result and result["status"] not in ("ok", "elsewhere", "absent"):
            failed.setdefault(job["key"], {}).setdefault((result["status"], result["said"]), []).append(job)
    for causes in failed.values():
        some.extend([group[0] for group in causes.values()][:MOST_CAUSES])
    retry(some, final)
    red = {job["key"] for job in some if final[job["result"]]["status"] != "ok"}
    doubtful = [job for key, causes in failed.items() if key not in red for group in causes.values() for job in group]
    retry([job for job in doubtful if job not in some], final)
    return [final[job["result"]] for job in jobs]


def retry(jobs, final):
    for job, result in zip(jobs, side_by_side(jobs, Fresh)):
        final[job["result"]] = result or final[job["result"]]


def compiled(job):
    result = {"status": "ok", "warnings": [], "threads": [], "output": "", "name": job["name"], "key": job["key"]}
    try:
        with open(job["file"], "rb") as file:
            compile(file.read(), job["file"], "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        result.update(status="raised", said=type(error).__name__ + ": " + str(error), file=job["file"], line=getattr(error, "lineno", None))
    return result


request_file, answer_file = sys.argv[1:3]
with open(request_file, encoding="utf-8") as file:
    REQUEST = json.load(file)
REQUEST["directory"] = os.path.realpath(REQUEST["directory"])
if answer_file == "--one":
    with open(sys.argv[3], encoding="utf-8") as file:
        attempt(json.load(file))
    os._exit(0)

forks = hasattr(os, "fork")
if forks and "--plain" not in sys.argv and not preload():
    os.execv(sys.executable, [sys.executable, "-I", __file__, *sys.argv[1:], "--plain"])
gc.freeze()
jobs, results = [], []
with tempfile.TemporaryDirectory(dir=os.path.dirname(answer_file)) as folder:
    for number, job in enumerate(REQUEST["jobs"]):
        job["result"] = os.path.join(folder, "%d.json" % number)
        job["output"] = os.path.join(folder, "%d.txt" % number)
        job["shadows"] = shadows() if job["repository"] else {}
        if job["compile"]:
            results.append(compiled(job))
        else:
            jobs.append(job)
    results.extend(confirmed(jobs, side_by_side(jobs, Fork if forks else Fresh)))
for one in results:
    if one and (one["output"] or one["status"] != "ok" or one["warnings"]):
        print(one["name"] + ": " + one["status"], one["output"], one.get("trace") or "", sep="\n")
        for warning in one["warnings"]:
            print("%(file)s:%(line)s: %(said)s" % warning)
with open(answer_file + ".new", "w", encoding="utf-8") as file:
    json.dump([one for one in results if one], file)
os.replace(answer_file + ".new", answer_file)
sys.stdout.flush()
os._exit(0)
`
