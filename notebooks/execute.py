"""Runs notebooks without a browser, all in one kernel, and keeps them with their results.

Usage: execute.py [--html] FOLDER NOTEBOOK...

Ends with 1 when a cell of any of them failed. ./tapelake notebook --execute calls this.
"""

import os
import sys

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbconvert import HTMLExporter
from nbclient.util import run_sync
from nbconvert.preprocessors import CellExecutionError, ExecutePreprocessor

SECONDS_TO_START = 180
SECONDS_A_CELL = 600


def as_it_is(markup):
    """In place of nbconvert's filter for SVG, which takes everything but the frame from a picture.

    The pictures come from our own kernel, which escapes the texts in them.
    """
    return markup.decode("utf-8") if isinstance(markup, bytes) else markup


def run(path, kernel, folder, as_html):
    """Runs one notebook; whether all its cells went well."""
    name = os.path.splitext(os.path.basename(path))[0]
    notebook = nbformat.read(path, as_version=4)
    fine = True
    executor = ExecutePreprocessor(timeout=SECONDS_A_CELL, startup_timeout=SECONDS_TO_START)
    try:
        executor.preprocess(
            notebook, {"metadata": {"path": os.path.dirname(os.path.abspath(path))}}, km=kernel
        )
    except CellExecutionError as error:
        fine = False
        print(f"{path}: {error.evalue or error}", file=sys.stderr)
    finally:
        if executor.kc is not None:  # the next notebook's client has the same identity
            executor.kc.stop_channels()
    kept = os.path.join(folder, name + ".ipynb")
    nbformat.write(notebook, kept)
    if as_html:
        kept = os.path.join(folder, name + ".html")
        exporter = HTMLExporter(filters={"clean_html": as_it_is})
        page, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": name}})
        with open(kept, "w", encoding="utf-8") as out:
            out.write(page)
    print(f"{'done' if fine else 'FAILED'}: {kept}", flush=True)
    return fine


def main(arguments):
    as_html = "--html" in arguments
    folder, *paths = [each for each in arguments if each != "--html"]
    os.makedirs(folder, exist_ok=True)
    kernel = AsyncKernelManager(kernel_name="tapelake")
    run_sync(kernel.start_kernel)(cwd=os.path.dirname(os.path.abspath(paths[0])))
    try:
        results = [run(path, kernel, folder, as_html) for path in paths]
    finally:
        run_sync(kernel.shutdown_kernel)()
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
