# One command on a machine that has Python 3.11+ with venv, make and git: everything else is brought here.
#   make run     install everything, ingest data/samples, publish the warehouse, print a summary
#   make test    install everything, run the whole test suite
#   make check   ruff, mypy and the test suite (what .ci/run does)
#   make ui      the Dagster UI on http://127.0.0.1:3000
# uv lives in its own environment (.uv/), so neither the system nor a uv that is already there is touched.

UV_VERSION := 0.13.8
# The first interpreter in the range of pyproject.toml; override with `make run PYTHON=/path/to/python3`.
PYTHON ?= $(firstword $(foreach p,python3 python3.14 python3.13 python3.12 python3.11,$(shell \
	$(p) -c 'import sys, venv; (3, 11) <= sys.version_info[:2] < (3, 15) and print(sys.executable)' 2>/dev/null)))
UV := .uv/bin/uv
WAREHOUSE ?= data/warehouse/yusuan.duckdb
SAMPLES ?= data/samples

# A uv that downloads interpreters, or one pointed at somebody else's environment, would not be the machine described above.
export UV_PYTHON_DOWNLOADS := never
# Certificates of the system where it has any, as pip uses them: behind a company's proxy uv's own list refuses the registry.
UV_SYSTEM_CERTS ?= $(if $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem),true,false)
export UV_SYSTEM_CERTS
export UV_HTTP_TIMEOUT ?= 180
# Without compiled modules every command and worker would compile its libraries again: seconds each.
unexport VIRTUAL_ENV UV_PROJECT_ENVIRONMENT PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run test lint check ui clean

help:
	@sed -n '2,5s/^#   //p' Makefile

$(UV):
	@test -n "$(PYTHON)" || { echo "Python 3.11 to 3.14 with the venv module is needed (Debian: apt-get install python3-venv); none was found." >&2; exit 1; }
	@rm -rf .uv
	"$(PYTHON)" -m venv .uv || { rm -rf .uv; echo "python3 -m venv failed (Debian: apt-get install python3-venv)" >&2; exit 1; }
	.uv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)"

setup: $(UV)
	@test -n "$(PYTHON)" || { echo "Python 3.11 to 3.14 is needed; none was found." >&2; exit 1; }
	$(UV) sync --quiet --frozen --all-extras --python "$$(.uv/bin/python -c 'import sys; print(sys._base_executable)')"

run: setup
	$(UV) run --no-sync yusuan ingest "$(SAMPLES)" --warehouse "$(WAREHOUSE)" --wait

test: setup
	$(UV) run --no-sync pytest --numprocesses=auto --maxprocesses=4 --dist=worksteal

lint: setup
	$(UV) run --no-sync ruff check .
	$(UV) run --no-sync mypy

check: lint test

ui: setup
	$(UV) run --no-sync dagster dev -w workspace.yaml

clean:
	rm -rf .uv .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis dist
