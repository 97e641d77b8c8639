#!/usr/bin/env bash
# Write the lock files anew from pyproject.toml: every package pinned, every file hashed.
# Those of the extras hold what each needs beyond the first; the tests need all.
set -eu -o pipefail
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
"${PYTHON:-python3.11}" -m venv "$tools"
"$tools/bin/pip" install --quiet pip-tools==7.6.2
compile=("$tools/bin/pip-compile" --quiet --generate-hashes --strip-extras --no-header
         --no-emit-index-url --no-emit-find-links --annotation-style=line)
"${compile[@]}" "$@" --output-file requirements.lock pyproject.toml
"${compile[@]}" "$@" --allow-unsafe --extra test --extra s3 --extra dask \
  --constraint requirements.lock --output-file requirements-test.lock pyproject.toml
for extra in s3 dask; do
  "${compile[@]}" "$@" --allow-unsafe --extra "$extra" --constraint requirements-test.lock \
    --output-file "requirements-$extra.lock" pyproject.toml
done
