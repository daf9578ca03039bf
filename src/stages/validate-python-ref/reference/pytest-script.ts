/**
 * Runs pytest as `python -m pytest` does: `python -c SCRIPT TOOLS RECORD SECONDS ARGUMENT...`. TOOLS is the folder of a
 * pytest that was brought in, at the end of sys.path, so that nothing of the project is hidden by it; or empty.
 *
 * The report that pytest writes at its end says nothing of a run that does not get there. So RECORD receives a line of
 * JSON as each thing happens: what was collected, which test begins, which has ended, and the end itself. Shortly before
 * SECONDS are over, every thread's stack goes to stderr.
 */
export const PYTEST_SCRIPT = String.raw`
import faulthandler, json, os, sys, time
tools, record_file, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
sys.argv[:] = ["pytest", *sys.argv[4:]]
if sys.path[0] == "":
    sys.path[0] = os.getcwd()
if tools:
    sys.path.append(tools)
import pytest

DEADLINE = time.monotonic() + seconds - min(3, seconds * 0.2)
# pytest captures the real one.
STDERR = os.fdopen(os.dup(2), "w")
RECORD = open(record_file, "a", encoding="utf-8")


def note(kind, **what):
    RECORD.write(json.dumps({"kind": kind, **what}) + "\n")
    RECORD.flush()


def arm():
    faulthandler.dump_traceback_later(max(0.01, DEADLINE - time.monotonic()), file=STDERR)


class Recorder:
    own_limit = False

    def pytest_configure(self, config):
        note("session", rootdir=str(config.rootpath), version=pytest.__version__)
        try:
            self.own_limit = float(config.getini("faulthandler_timeout") or 0) > 0
        except ValueError:
            pass

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
        # pytest disarms it after each failure; a limit of the project's own stands.
        if not self.own_limit and DEADLINE > time.monotonic():
            arm()

    def pytest_runtest_logfinish(self, nodeid):
        note("finish", id=nodeid)


arm()
code = int(pytest.main(sys.argv[1:], plugins=[Recorder()]))
note("end", code=code)
sys.exit(code)
`
