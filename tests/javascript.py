"""The widgets' JavaScript, run without a browser."""

import json
import subprocess
from typing import Any

from playwright._impl._driver import compute_driver_executable

from retention_kit.widgets.twin import bundle


def run_js(files: tuple[str, ...], expression: str) -> Any:
    """What the modules answer; the Node.js inside Playwright runs them, so that none need be installed."""
    script = bundle(files, f"console.log(JSON.stringify({expression}))")
    node = compute_driver_executable()[0]
    done = subprocess.run(
        [node, "--input-type=module"], input=script, capture_output=True, text=True, encoding="utf-8", check=True
    )
    return json.loads(done.stdout)
