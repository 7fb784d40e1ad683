"""The folder that makes Python processes tell of their connections: on ``PYTHONPATH`` it brings
``sitecustomize``, which every Python runs at its start."""
