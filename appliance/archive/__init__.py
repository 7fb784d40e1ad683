"""Backups: everything of one data folder in one sealed file, the proof, and the way back.

``sealed`` is the file's cipher, ``contents`` says what goes in, ``making`` writes a backup
while everything runs, ``opening`` unpacks one and proves it, ``restoring`` fills an empty
data folder. The list of backups is the noun ``backups``.
"""
