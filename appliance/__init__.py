"""Balcão: assistants that answer from your own documents, on a server that you own."""

import os

__version__ = "0.8.0"

# Here, where every process passes first, whatever its environment says: LangChain would post
# every prompt to a service outside, and Hugging Face's libraries look for models and count.
# Of LangChain's variables none is left: there are several names for one switch, a newer one
# beats an older, and what is not known here yet must not turn it on again.
MUTED = ("LANGSMITH_", "LANGCHAIN_")
QUIET = {
    "LANGSMITH_TRACING_V2": "false",
    "LANGSMITH_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGCHAIN_TRACING": "false",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "ANONYMIZED_TELEMETRY": "False",
}
for name in [name for name in os.environ if name.startswith(MUTED)]:
    del os.environ[name]
os.environ.update(QUIET)
