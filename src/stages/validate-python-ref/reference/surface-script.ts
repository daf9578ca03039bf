/**
 * Writes the public names of packages, taken from their source: `python -I -B -c SCRIPT GRIFFE REQUEST ANSWER`, the
 * folder that griffe is in and two files of JSON. Nothing of the project is imported.
 *
 * Public is what `__all__` names, or without one what has no leading underscore and is defined where it stands. A name
 * that is imported and named in `__all__`, or imported in a package's `__init__.py` from the project itself, is public
 * there too, with the signature of what it stands for.
 */
export const SURFACE_SCRIPT = `
import ast, inspect, json, logging, sys

griffe_folder, request_file, answer_file = sys.argv[1:4]
sys.path.insert(0, griffe_folder)
import griffe

logging.disable(logging.CRITICAL)
with open(request_file, encoding="utf-8") as file:
    REQUEST = json.load(file)
NAMES = {}
FAILED = []
# Classes that are public by another name; their members stand once, under a public name of their own if there is one.
ELSEWHERE = []
loader = griffe.GriffeLoader(search_paths=REQUEST["roots"], allow_inspection=False)


def is_hidden(name):
    return name.startswith("_")


def text(expression):
    """An expression in one spelling, whatever quotes and spaces its source has."""
    written = str(expression)
    try:
        tree = ast.parse(written, mode="eval")
        # The commas of a lambda stand in no bracket of their own.
        brackets = any(isinstance(node, ast.Lambda) for node in ast.walk(tree))
        return "(" + ast.unparse(tree) + ")" if brackets else ast.unparse(tree)
    except (SyntaxError, ValueError):
        return " ".join(written.split())


def signature(parameters, returns=None, bound=False):
    parts, before = [], None
    for one in list(parameters)[1 if bound else 0:]:
        kind = one.kind.value
        if before == "positional-only" and kind != "positional-only":
            parts.append("/")
        if kind == "keyword-only" and before not in ("keyword-only", "variadic positional"):
            parts.append("*")
        star = {"variadic positional": "*", "variadic keyword": "**"}.get(kind, "")
        part = star + one.name
        if one.annotation is not None:
            part += ": " + text(one.annotation)
        if one.default is not None and not star:
            part += (" = " if one.annotation is not None else "=") + text(one.default)
        parts.append(part)
        before = kind
    if before == "positional-only":
        parts.append("/")
    return "(" + ", ".join(parts) + ")" + (" -> " + text(returns) if returns is not None else "")


def note(name, rest, file, line):
    NAMES.setdefault(name, {"line": name + rest, "file": str(file), "number": max(1, line or 1)})


def resolved(member):
    if not member.is_alias:
        return member
    try:
        return member.final_target
    except Exception:
        return None


def visit(member, name, parent, scope):
    """Notes one public name. What a package only imports has no place here but its own."""
    place, line = parent.filepath, member.alias_lineno if member.is_alias else member.lineno
    target = resolved(member)
    if target is None:
        # From elsewhere it is a value that is not looked into; of the project's own there is nothing behind the name.
        return None if member.target_path.partition(".")[0] in TOPS else note(name, "", place, line)
    if member.is_alias:
        place, line = target.filepath, target.lineno
    kind = target.kind.value
    if kind == "function":
        method = scope == "class" and "staticmethod" not in target.labels
        labels = [one for one in ("async", "staticmethod", "classmethod") if one in target.labels]
        note(name, signature(target.parameters, target.returns, method) + label(labels), place, line)
    elif kind == "attribute":
        annotation = ": " + text(target.annotation) if target.annotation is not None else ""
        note(name, annotation + label([one for one in ("property",) if one in target.labels]), place, line)
    elif kind == "class":
        own = "__init__" in target.members or "dataclass" in target.labels
        note(name, (signature(target.parameters, None, True) if own else "") + label(["class"]), place, line)
        if member.is_alias:
            ELSEWHERE.append((name, target))
        else:
            visit_members(target, name)
    elif kind == "module" and member.is_alias:
        note(name, label(["module"]), place, 1)


def label(words):
    return " [" + ", ".join(words) + "]" if words else ""


def visit_members(target, name):
    for inner, one in target.members.items():
        if not is_hidden(inner) and not one.is_alias:
            visit(one, name + "." + inner, target, "class")


def is_public(name, member, module):
    if module.exports is not None:
        return name in module.exports
    if is_hidden(name):
        return False
    if not member.is_alias:
        return True
    top = member.target_path.partition(".")[0]
    return module.is_init_module and top in TOPS and not is_hidden(name)


def visit_module(module):
    note(module.path, label(["module"]), module.filepath, 1)
    for name, member in module.members.items():
        if not member.is_alias and member.kind.value == "module":
            if not is_hidden(name) and member.path in LISTED:
                visit_module(member)
        elif is_public(name, member, module):
            visit(member, module.path + "." + name, module, "module")
    for name in module.exports or []:
        # What a module gives at its first use (__getattr__) is public by being named.
        if isinstance(name, str) and name not in module.members:
            line = module.members["__all__"].lineno if "__all__" in module.members else 1
            note(module.path + "." + name, "", module.filepath, line)


for path in REQUEST["files"]:
    with open(path, "rb") as file:
        try:
            ast.parse(file.read(), path)
        except (SyntaxError, ValueError) as error:
            FAILED.append({"file": path, "line": getattr(error, "lineno", None), "said": getattr(error, "msg", str(error))})
LISTED = {".".join(parts[:length]) for parts in (name.split(".") for name in REQUEST["names"]) for length in range(1, len(parts) + 1)}
TOPS, modules = set(REQUEST["modules"]), []
for top in REQUEST["modules"]:
    try:
        modules.append(loader.load(top))
    except Exception as error:
        said = " ".join(str(error).split()) or type(error).__name__
        FAILED.append({"file": top, "line": None, "said": said})
loader.resolve_aliases(external=False, implicit=True)
for module in modules:
    visit_module(module)
for name, target in ELSEWHERE:
    if target.canonical_path not in NAMES:
        visit_members(target, name)
with open(answer_file, "w", encoding="utf-8") as file:
    json.dump({"names": [NAMES[name] for name in sorted(NAMES)], "failed": FAILED}, file)
`
