"""The converter: a process that confines itself and becomes LibreOffice, once, for one file.

Started by ``conversion`` alone, with the program, what to make, the folder of the work, and
the limits: ``python -m … soffice docx /folder 2048 60``. The original is ``/folder/original``.
"""

import os
import sys
from pathlib import Path

from appliance.index.reading import confinement

FILTERS = {
    "docx": "docx:MS Word 2007 XML",
    "pptx": "pptx:Impress MS PowerPoint 2007 XML",
}


def main() -> None:
    program, made, folder, memory_mb, seconds = sys.argv[1:6]
    confinement.confine_program(
        int(memory_mb) * 2**20, int(seconds), Path(folder), Path(program).resolve()
    )
    arguments = [
        *(program, "--headless", "--norestore", "--nolockcheck", "--nodefault"),
        f"-env:UserInstallation=file://{folder}/profile",
        *("--convert-to", FILTERS[made], "--outdir", f"{folder}/made", f"{folder}/original"),
    ]
    os.chdir(folder)
    # Colours and fonts of a desktop are of no use to a file that nobody looks at.
    os.execve(program, arguments, os.environ | {"SAL_USE_VCLPLUGIN": "svp"})  # noqa: S606


if __name__ == "__main__":
    main()
