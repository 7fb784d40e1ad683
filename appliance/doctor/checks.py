"""All checks, in the order in which one is the likely cause of those after it."""

from appliance.doctor import Look, engine, folder, library, machine, neighbours

CHECKS: tuple[tuple[str, Look], ...] = (
    ("processor", machine.processor),
    ("memory", machine.memory),
    ("disk", machine.disk),
    ("inodes", machine.inodes),
    ("filesystem", machine.file_system),
    ("rights", folder.rights),
    ("key", folder.key),
    ("database", library.whole),
    ("schema", library.form),
    ("wal", library.log_ahead),
    ("record", library.record),
    ("clock", machine.clock),
    ("resolver", machine.resolver),
    ("originals", folder.originals),
    ("index", folder.index),
    ("worker", engine.worker),
    ("runner", engine.runner),
    ("embedder", engine.embedder),
    ("language_model", engine.language_model),
    ("jobs", library.jobs),
    ("documents", library.documents),
    ("sources", library.sources),
    ("directory", neighbours.directory),
    ("mail", neighbours.mail),
    ("network_exit", neighbours.network_exit),
    ("retention", library.retention),
    ("administrators", library.administrators),
    ("address", neighbours.address),
)
