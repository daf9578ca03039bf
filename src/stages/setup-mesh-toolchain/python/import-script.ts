/**
 * Asks a package of an environment what it needs, in a fresh interpreter: `python -I -B -c SCRIPT REQUEST ANSWER`, both
 * files of JSON. The answer is written anew after each step, so that an import which ends the interpreter is named.
 *
 * The interpreter sees the package as it would be alone: a finder refuses modules of distributions that the package
 * does not declare, directly or through others, though its neighbours brought them into the environment. Markers of
 * requirements are not evaluated: what stands behind one counts as declared.
 *
 * Modules are imported; their submodules are only read, since importing each would run what was never meant to be: an
 * `import` at the beginning of a line, outside of `if` and `try`, of something that is not there cannot work.
 */
export const IMPORT_SCRIPT = String.raw`
import ast, importlib, importlib.abc, importlib.metadata as metadata, importlib.util
import json, os, re, sys, traceback, urllib.parse, urllib.request

request_file, answer_file = sys.argv[1:3]
sys.argv[:] = [""]
with open(request_file, encoding="utf-8") as file:
    REQUEST = json.load(file)
FOLDER = os.path.realpath(REQUEST["folder"])
ANSWER = {"modules": [], "importing": None, "missing": [], "crash": None, "done": False}
EXCLUDED = {"tests", "test", "testing", "docs", "doc", "examples", "scripts", "tools", "benchmarks", "build", "dist"}


def answer(**changes):
    ANSWER.update(changes)
    with open(answer_file + ".new", "w", encoding="utf-8") as file:
        json.dump(ANSWER, file)
    os.replace(answer_file + ".new", answer_file)


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def folder_of(distribution):
    """The folder that a distribution was installed from, where it was one."""
    text = distribution.read_text("direct_url.json")
    path = urllib.parse.urlsplit(json.loads(text)["url"]).path if text else ""
    return os.path.realpath(urllib.request.url2pathname(path)) if path else None


def modules_of(distribution, folder):
    """Names and places of the top-level modules of an editable distribution."""
    found = {}
    listed = (distribution.read_text("top_level.txt") or "").split()
    for path in distribution.files or []:
        if str(path).endswith(".pth"):
            for line in path.read_text().splitlines():
                if os.path.isdir(line):
                    found.update(modules_in(os.path.realpath(line), folder, distribution, listed))
        elif len(path.parts) == 2 and path.name == "__init__.py" or len(path.parts) == 1 and path.suffix == ".py":
            name = path.parts[0] if len(path.parts) == 2 else path.stem
            if not name.startswith("__editable__"):
                place = path.locate()
                found[name] = str(place.parent if len(path.parts) == 2 else place)
    for name in listed:
        if name not in found:
            spec = find_spec(name)
            if spec and spec.submodule_search_locations:
                found[name] = list(spec.submodule_search_locations)[0]
            elif spec and spec.origin:
                found[name] = spec.origin
    return found


def modules_in(place, folder, distribution, listed):
    own = canonical(distribution.metadata["Name"]).replace("-", "_")
    found = {}
    for name in sorted(os.listdir(place)):
        path = os.path.join(place, name)
        module = name[:-3] if name.endswith(".py") else name
        if not module.isidentifier() or not (name.endswith(".py") or os.path.isfile(os.path.join(path, "__init__.py"))):
            continue
        found[module] = path
    if listed:
        return {name: path for name, path in found.items() if name in listed}
    if place != folder:
        return found
    # The package's own folder is on the path: beside its modules lie tests and tools.
    if own in found:
        return {own: found[own]}
    return {name: path for name, path in found.items() if name not in EXCLUDED | {"setup", "conftest", "noxfile"}}


def find_spec(name):
    try:
        return importlib.util.find_spec(name)
    except (ImportError, ValueError, AttributeError):
        return None


def requirements(distribution):
    """Name, extras and marker of each requirement."""
    for text in distribution.requires or []:
        written, _, marker = text.partition(";")
        match = re.match(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?", written)
        if match:
            extras = {canonical(one.strip()) for one in (match[2] or "").split(",") if one.strip()}
            yield canonical(match[1]), extras, {canonical(one) for one in re.findall(r"extra\s*==\s*['\"]([^'\"]+)", marker)}


def closure(root):
    """What a distribution declares, and what that declares: names, and those behind its own extras that are not here."""
    seen, absent, todo = {}, set(), [(canonical(root.metadata["Name"]), {"*"})]
    while todo:
        name, extras = todo.pop()
        if name in seen and extras <= seen[name]:
            continue
        extras = seen[name] = seen.get(name, set()) | extras
        distribution = INSTALLED.get(name)
        for needed, with_extras, only_for in requirements(distribution) if distribution else []:
            if only_for and "*" not in extras and not only_for & extras:
                continue
            if needed not in INSTALLED and only_for:
                absent.add(needed)
            todo.append((needed, with_extras))
    return set(seen), absent


class Undeclared(importlib.abc.MetaPathFinder):
    """Refuses modules that only undeclared distributions provide."""

    def __init__(self, providers, declared):
        self.refused = {name for name, by in providers.items() if not {canonical(one) for one in by} & declared}

    def find_spec(self, fullname, path=None, target=None):
        if path is None and fullname in self.refused:
            raise ModuleNotFoundError("No module named " + repr(fullname), name=fullname)


def unconditional(tree):
    """The imports that run whenever the module does."""
    for node in tree:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name.partition(".")[0], node.lineno
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0], node.lineno
        elif isinstance(node, (ast.ClassDef, ast.With)) or isinstance(node, ast.Try) and not node.handlers:
            yield from unconditional(node.body)


def sources(path):
    if path.endswith(".py"):
        yield path
    elif os.path.isdir(path):
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(one for one in folders if one.isidentifier() and one not in {"tests", "test", "__pycache__"})
            for name in sorted(names):
                if name.endswith(".py") and not re.match(r"(test_.*|.*_test|conftest)\.py$", name):
                    yield os.path.join(folder, name)


def missing_in(path):
    try:
        with open(path, "rb") as file:
            tree = ast.parse(file.read(), path)
    except (SyntaxError, ValueError):
        return
    for name, line in unconditional(tree.body):
        if name not in MODULES and name not in sys.builtin_module_names and find_spec(name) is None:
            # A package that carries a copy of it on sys.path of its own is beyond what reading can tell.
            yield {"name": name, "file": path, "line": line, "optional": is_optional(name)}


def is_optional(name):
    """Whether it is behind an extra that is not installed: yes, no, or "unclear" when the names do not tell."""
    plain = canonical(name).replace("-", "")
    if any(plain in one.replace("-", "") or one.replace("-", "") in plain for one in ABSENT):
        return "yes"
    return "unclear" if ABSENT else "no"


def crashed(module, error):
    frames = traceback.extract_tb(error.__traceback__)
    frames = [one for one in frames if one.filename != "<string>" and "importlib" not in one.filename]
    last = frames[-1] if frames else None
    own = [one for one in frames if os.path.realpath(one.filename).startswith(FOLDER + os.sep)]
    place = {"file": os.path.realpath(own[-1].filename), "line": own[-1].lineno} if own else {}
    name = getattr(error, "name", None)
    if isinstance(error, ModuleNotFoundError) and name and name.partition(".")[0] not in MODULES:
        by_own = last is not None and own and last is own[-1]
        return {"name": name.partition(".")[0], "module": module, "by": None if by_own else last and last.filename, "optional": "no", **place}
    said = traceback.format_exception_only(type(error), error)
    return {"crash": module, "said": said[-1].strip() if not isinstance(error, SyntaxError) else " ".join(said[-1:]).strip(), **place}


answer()
INSTALLED = {}
for one in metadata.distributions():
    if one.metadata["Name"]:
        INSTALLED.setdefault(canonical(one.metadata["Name"]), one)
FOLDERS = {os.path.realpath(one) for one in REQUEST["folders"]}
EDITABLE = {}
for one in INSTALLED.values():
    if folder_of(one) in FOLDERS:
        EDITABLE[folder_of(one)] = one
root = EDITABLE.get(FOLDER)
if root is not None:
    MODULES = modules_of(root, FOLDER)
    declared, ABSENT = closure(root)
    providers = {}
    if hasattr(metadata, "packages_distributions"):
        providers.update(metadata.packages_distributions())
    for folder, one in EDITABLE.items():
        for module in modules_of(one, folder):
            providers[module] = [*providers.get(module, []), one.metadata["Name"]]
    sys.meta_path.insert(0, Undeclared(providers, declared))
    answer(modules=sorted(MODULES))
    missing = []
    for path in MODULES.values():
        for source in sources(path):
            missing.extend(missing_in(source))
    answer(missing=missing)
    for module in sorted(MODULES):
        answer(importing=module)
        try:
            importlib.import_module(module)
        except BaseException as error:
            one = crashed(module, error)
            if "crash" in one:
                answer(crash=one)
            else:
                # Executed beats read: the message names the module that failed.
                missing.insert(0, one)
                answer(missing=missing)
            break
answer(importing=None, done=True)
sys.stdout.flush()
os._exit(0)
`
