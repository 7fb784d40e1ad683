"""Balcão: assistants that answer from your own documents, on a server that you own."""

import os

__version__ = "0.5.0"

# Here, where every process passes first: with these set in the environment
# LangChain would post every prompt to a service outside.
os.environ["LANGSMITH_TRACING"] = os.environ["LANGCHAIN_TRACING_V2"] = "false"
