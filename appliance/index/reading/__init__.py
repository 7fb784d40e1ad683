"""Files become pages. ``kinds.recognise`` says what a file is (quick, in any process);
``child.read``, ``child.picture`` and ``child.boxes`` read it in a limited process of its own.

Everything else here runs in that process only: nobody outside imports it. The exception is
``conversion``, which has LibreOffice make an old file into today's before a reader starts.
"""
