/**
 * Runs pytest as `python -m pytest` does: `python -c SCRIPT TOOLS RECORD SECONDS ARGUMENT...`. TOOLS is the folder of a
 * pytest that was brought in, at the end of sys.path, so that nothing of the project is hidden by it; or empty.
 *
 * The report that pytest writes at its end says nothing of a run that does not get there. So RECORD receives a line of
 * JSON as each thing happens: what was collected, which test begins, how it ended, and the end itself.
 *
 * Beside RECORD lies the plugin of STACKS_PLUGIN, which shows every thread's stack shortly before SECONDS are over.
 */
export const PYTEST_SCRIPT = String.raw`
import json, os, re, sys, time
tools, record_file, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
sys.argv[:] = ["pytest", *sys.argv[4:]]
if sys.path[0] == "":
    sys.path[0] = os.getcwd()
if tools:
    sys.path.append(tools)
import pytest

sys.path.append(os.path.dirname(record_file))
os.environ["MESH_ACTIONS_STACKS_AT"] = str(time.time() + seconds - min(3, seconds * 0.2))
RECORD = open(record_file, "a", encoding="utf-8")


def note(kind, **what):
    RECORD.write(json.dumps({"kind": kind, **what}) + "\n")
    RECORD.flush()


def outcome(report):
    """How a test or a part of it ended; and why, where it was skipped or is expected to fail."""
    if not report.skipped:
        return {"outcome": report.outcome}
    expected = hasattr(report, "wasxfail")
    said = report.wasxfail if expected else report.longrepr[-1] if isinstance(report.longrepr, tuple) else ""
    why = re.sub("^(Skipped|reason): ", "", str(said).partition("\n")[0]).strip()
    return {"outcome": "xfailed" if expected else "skipped", "why": why[:200]}


class Recorder:
    def pytest_configure(self, config):
        note("session", rootdir=str(config.rootpath), version=pytest.__version__)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session):
        note("collected", count=len(session.items))

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node, ids):
        note("collected", count=len(ids))

    def pytest_deselected(self, items):
        note("deselected", count=len(items))

    def pytest_runtest_logstart(self, nodeid, location):
        note("start", id=nodeid, file=location[0], line=(location[1] or 0) + 1)

    def pytest_runtest_logreport(self, report):
        # A setup that passes and a teardown say nothing of the test itself.
        if report.when == "call" or report.when == "setup" and not report.passed:
            note("result", id=report.nodeid, when=report.when, **outcome(report))

    def pytest_collectreport(self, report):
        # A module that skips itself has no tests.
        if report.skipped:
            note("result", id=report.nodeid, when="collect", **outcome(report))

    def pytest_runtest_logfinish(self, nodeid):
        note("finish", id=nodeid)


code = int(pytest.main(["-p", "mesh_actions_stacks", *sys.argv[1:]], plugins=[Recorder()]))
note("end", code=code)
sys.exit(code)
`

/**
 * mesh_actions_stacks.py: a plugin that pytest loads by its name, and pytest-xdist in each of its processes, so that
 * the one that hangs shows its stack.
 */
export const STACKS_PLUGIN = `
import faulthandler, os, time

AT = float(os.environ["MESH_ACTIONS_STACKS_AT"])
# pytest captures the real one.
STDERR = os.fdopen(os.dup(2), "w")


def arm():
    left = AT - time.time()
    if left > 0:
        faulthandler.dump_traceback_later(left, file=STDERR)


def pytest_configure(config):
    global own_limit
    try:
        own_limit = float(config.getini("faulthandler_timeout") or 0) > 0
    except ValueError:
        pass


def pytest_runtest_logstart():
    # pytest disarms it after each failure; a limit of the project's own stands.
    if not own_limit:
        arm()


own_limit = False
arm()
`
