"""What is in a bundle, as a CycloneDX document; run by ``installer/bundle.sh``.

``python installer/sbom.py --version 0.7.0 FOLDER`` writes it to standard output: every Python
package in ``wheels``, every Debian package in ``debian`` and every model in ``language-models``,
each with its package URL (where it has one) and SHA-256.
"""

import argparse
import hashlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL


def component(file: Path, kind: ComponentType, name: str, version: str, where: str) -> Component:
    """A file of the bundle. ``where`` is the type of package URL, with its namespace."""
    sort, _, namespace = where.partition("/")
    return Component(
        type=kind,
        name=name,
        version=version or None,
        purl=PackageURL(sort, namespace or None, name, version) if sort else None,
        bom_ref=file.name,
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=_sha256(file))],
    )


def components(bundle: Path) -> Iterator[Component]:
    """Everything that a bundle brings besides the program itself."""
    for file in sorted((bundle / "wheels").iterdir()):
        name, version = file.name.removesuffix(".tar.gz").split("-")[:2]
        normal = name.lower().replace("_", "-")
        yield component(file, ComponentType.LIBRARY, normal, version, "pypi")
    for file in sorted((bundle / "debian").glob("*.deb")):
        name, version = file.stem.split("_")[:2]
        # apt writes the colon of an epoch as %3a into the name of the file.
        version = version.replace("%3a", ":")
        yield component(file, ComponentType.LIBRARY, name, version, "deb/debian")
    for file in sorted((bundle / "language-models").glob("*.gguf")):
        yield component(file, ComponentType.MACHINE_LEARNING_MODEL, file.stem, "", "")


def document(bundle: Path, version: str) -> str:
    """The document of a bundle, as JSON."""
    whole = Component(
        type=ComponentType.APPLICATION, name="balcao", version=version, bom_ref="balcao"
    )
    bom = Bom(components=components(bundle))
    bom.metadata.component = whole
    bom.register_dependency(whole, bom.components)
    return JsonV1Dot6(bom).output_as_string(indent=1)


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def main(arguments: Sequence[str]) -> None:
    """Write the document of the folder that is named."""
    parser = argparse.ArgumentParser(prog="sbom")
    parser.add_argument("--version", required=True)
    parser.add_argument("bundle", type=Path)
    asked = parser.parse_args(arguments)
    sys.stdout.write(document(asked.bundle, asked.version) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
