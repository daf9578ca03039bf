/**
 * The part of import-script.ts that one interpreter does for one module: `attempt(job)` imports it, and writes how that
 * ended, with what it warned of and the threads it started, into the job's file. It ends neither for what the import
 * raises nor for sys.exit; that it hangs or ends the interpreter is seen from outside.
 */
export const IMPORT_ATTEMPT_SCRIPT = `
import sys
STARTED = frozenset(sys.modules)
import ast, faulthandler, gc, importlib, importlib.metadata as metadata, json, os, re, signal, subprocess
import tempfile, threading, time, traceback, warnings

STANDARD = getattr(sys, "stdlib_module_names", frozenset(sys.builtin_module_names) | STARTED)


def inside(file, folder):
    return file == folder or file.startswith(folder + os.sep)


def own_frame(file):
    return inside(file, REQUEST["directory"]) and "site-packages" not in file.split(os.sep)


def place_of(error):
    if isinstance(error, SyntaxError) and error.filename and own_frame(os.path.realpath(error.filename)):
        return {"file": os.path.realpath(error.filename), "line": error.lineno}
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename != __file__ and own_frame(os.path.realpath(frame.filename)):
            return {"file": os.path.realpath(frame.filename), "line": frame.lineno}
    return {}


def shadow_of(error, shadowed):
    files = {os.path.realpath(frame.filename) for frame in traceback.extract_tb(error.__traceback__)}
    for name, path in shadowed.items():
        module = sys.modules.get(name)
        real = os.path.realpath(path)
        if real in files or module is not None and os.path.realpath(getattr(module, "__file__", None) or "") == real:
            return {"name": name, "file": path}
    return None


def is_installed(top):
    name = REQUEST["own"].get(top)
    try:
        return name is None or metadata.distribution(name) is not None
    except metadata.PackageNotFoundError:
        return False


def is_own(top):
    return top in REQUEST["own"] or top in STANDARD or os.path.lexists(os.path.join(REQUEST["directory"], top))


def described(error, job):
    said = traceback.format_exception_only(type(error), error)[-1].strip()
    result = {"said": " ".join(said.split()), "trace": traceback.format_exc()}
    if isinstance(error, SystemExit):
        return {**result, "status": "exited", "said": repr(error.code), **place_of(error)}
    missing = (getattr(error, "name", None) or "").partition(".")[0] if isinstance(error, ImportError) else ""
    if isinstance(error, ModuleNotFoundError) and missing in REQUEST["own"] and not is_installed(missing):
        return {**result, "status": "absent", "said": REQUEST["own"][missing]}
    # Of a package that is not installed, what it requires is not either.
    if isinstance(error, ImportError) and not is_own(missing) and not is_installed(job["top"]):
        return {**result, "status": "absent", "said": REQUEST["own"][job["top"]]}
    return {**result, "status": "raised", "shadow": shadow_of(error, job["shadows"]), **place_of(error)}


def attempt(job):
    """Imports one module in this process."""
    # Bytecode of the project goes where the next attempt finds it, and not into the tree.
    sys.pycache_prefix = os.path.join(os.path.dirname(job["result"]), "bytecode")
    faulthandler.enable()
    faulthandler.dump_traceback_later(REQUEST["limit"] * 0.9)
    sys.argv[:] = ["-c"]
    if job["repository"]:
        os.chdir(REQUEST["directory"])
        sys.path.insert(0, REQUEST["directory"])
        # An interpreter that began in this folder would have found these.
        for name in list(sys.modules):
            if name.partition(".")[0] in job["shadows"] and name not in STARTED:
                del sys.modules[name]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            importlib.import_module(job["name"])
            result = {"status": "ok"}
        except BaseException as error:
            result = described(error, job)
    if result["status"] == "ok":
        file = os.path.realpath(getattr(sys.modules[job["name"]], "__file__", None) or job["file"])
        if file != os.path.realpath(job["file"]):
            result = {"status": "elsewhere", "said": file}
    result["warnings"] = [
        {"said": one.category.__name__ + ": " + " ".join(str(one.message).split()), "file": os.path.realpath(one.filename), "line": one.lineno}
        for one in caught
    ]
    result["threads"] = [one.name for one in threading.enumerate() if one is not threading.main_thread()]
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass
    with open(job["result"], "w", encoding="utf-8", errors="replace") as file:
        json.dump(result, file)
`
