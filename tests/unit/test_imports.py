"""The house rules that a parser can see: who may import whom, and what an `__init__` may hold."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("schemas", "pipelines", "assets")
STAGES = ("read", "understand", "normalise", "audit", "publish")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of every import of a module, lazy ones and those under TYPE_CHECKING included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or "")
            yield from ((node.lineno, f"{'.' * node.level}{node.module}.{alias.name}") for alias in node.names)


def rank(dotted: str) -> int | None:
    """How far downstream a dotted module name stands: schemas 0, the stages 2 to 6, assets 7; None for other packages.

    Modules directly under `pipelines/` serve every stage: at 1 they are upstream of the first one.
    """
    head, _, rest = dotted.partition(".")
    if head == "schemas":
        return 0
    if head == "assets":
        return len(STAGES) + 2
    if head == "pipelines":
        stage = rest.partition(".")[0]
        return STAGES.index(stage) + 2 if stage in STAGES else 1
    return None


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def test_the_tree_is_found() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in MODULES} == set(PACKAGES)


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_imports_point_upstream_only(path: Path) -> None:
    here = rank(dotted(path))
    assert here is not None
    wrong = [(line, name) for line, name in imported(path) if name.startswith(".") or (rank(name) or 0) > here]
    assert not wrong, f"{dotted(path)} imports downstream, or relatively: {wrong}"


@pytest.mark.parametrize("path", [path for path in MODULES if path.relative_to(ROOT).parts[0] != "assets"], ids=dotted)
def test_only_assets_imports_dagster(path: Path) -> None:
    assert not [name for _, name in imported(path) if name.partition(".")[0].startswith("dagster")]


@pytest.mark.parametrize("path", [path for path in MODULES if path.name == "__init__.py"], ids=dotted)
def test_init_files_hold_a_docstring_only(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    assert len(tree.body) == 1


@pytest.mark.parametrize("path", [path for path in MODULES if path.name != "__init__.py"], ids=dotted)
def test_modules_state_their_contract_and_stay_small(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(source)), "a module says first what belongs in it"
    assert source.count("\n") <= 400
