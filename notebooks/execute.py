"""Runs notebooks without a browser, all in one kernel, and keeps them with their results.

Usage: execute.py [--html] FOLDER NOTEBOOK...

Ends with 1 when a cell of any of them failed. ./tapelake notebook --execute calls this.
"""

import os
import re
import sys

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbconvert import HTMLExporter
from nbclient.util import run_sync
from nbconvert.preprocessors import CellExecutionError, ExecutePreprocessor

SECONDS_TO_START = 180
SECONDS_A_CELL = 600


# Of Jupyter's page: it follows the reader's dark mode as our charts do, fits a phone, and prints whole.
PAGE_STYLE = """<style>
:root { color-scheme: light dark;
  --jp-layout-color0: light-dark(#fff, #14171c); --jp-layout-color1: light-dark(#fff, #14171c);
  --jp-content-font-color0: light-dark(#1c1c1c, #e8e8e8); --jp-content-font-color1: light-dark(#1c1c1c, #e8e8e8);
  --jp-layout-color2: light-dark(#eee, #2c323a); --jp-ui-font-color0: light-dark(#1c1c1c, #e8e8e8);
  --jp-ui-font-color1: light-dark(#1c1c1c, #e8e8e8); --jp-cell-editor-background: light-dark(#f5f5f5, #1e232a); --jp-rendermime-table-row-background: light-dark(#f5f5f5, #1e232a);
  --jp-rendermime-table-row-hover-background: light-dark(#eaf2f8, #26303a);
  --jp-cell-editor-border-color: light-dark(#e0e0e0, #2c323a); --jp-border-color1: light-dark(#bdbdbd, #444c56);
  --jp-border-color2: light-dark(#e0e0e0, #2c323a); --jp-border-color3: light-dark(#eee, #2c323a);
  --jp-mirror-editor-keyword-color: light-dark(#008000, #7cc77c); --jp-mirror-editor-operator-color: light-dark(#aa22ff, #c79be0);
  --jp-mirror-editor-string-color: light-dark(#ba2121, #f08c8c); --jp-mirror-editor-number-color: light-dark(#080, #7cc77c);
  --jp-mirror-editor-punctuation-color: light-dark(#05a, #8fbce6); --jp-mirror-editor-variable-color: light-dark(#212121, #e8e8e8) }
body.jp-Notebook { max-width: 1060px; margin: 0 auto }
.highlight pre { white-space: pre-wrap; overflow-wrap: anywhere }
@media (max-width: 640px) { .jp-InputPrompt, .jp-OutputPrompt { display: none } body.jp-Notebook, .jp-Cell { padding: 4px !important } h1 { font-size: 24px !important } }
@page { size: A4; margin: 12mm }
@media print { :root { color-scheme: light } .jp-InputPrompt, .jp-OutputPrompt { display: none } body.jp-Notebook, .jp-Cell { padding: 2px 0 !important }
  .jp-Cell-outputWrapper, .jp-OutputArea-child, .jp-OutputArea-output { display: block }
  .jp-RenderedHTMLCommon div { max-height: none !important } .tl-desk, tr, .jp-InputArea { break-inside: avoid } h1, p { break-after: avoid } }
</style>
</head>"""


def as_page(notebook, name):
    """A page that refers to nothing outside of itself; no output of ours needs a script."""
    page, _ = HTMLExporter().from_notebook_node(notebook, {"metadata": {"name": name}})
    return re.sub(r"(?s)<script\b.*?</script>", "", page).replace("</head>", PAGE_STYLE, 1)


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
        with open(kept, "w", encoding="utf-8") as out:
            out.write(as_page(notebook, name))
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
